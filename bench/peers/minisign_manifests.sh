#!/bin/sh
# minisign_manifests.sh sign|verify FOLDER: signs each manifest of the folder, or verifies each in a loop.
set -eu
folder="$2"
case "$1" in
sign)
  minisign -G -W -f -p "$folder/minisign.pub" -s "$folder/minisign.key" >/dev/null
  minisign -S -s "$folder/minisign.key" -m "$folder"/manifests/*.json >/dev/null
  mkdir -p "$folder/minisigs"
  mv "$folder"/manifests/*.minisig "$folder/minisigs/"
  ;;
verify)
  verified=0
  for file in "$folder"/manifests/*.json; do
    minisign -V -q -p "$folder/minisign.pub" -m "$file" -x "$folder/minisigs/${file##*/}.minisig"
    verified=$((verified + 1))
  done
  echo "{\"verified\": $verified}"
  ;;
*)
  echo "expected sign or verify" >&2
  exit 2
  ;;
esac
