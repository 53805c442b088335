"""The plain original: a pydantic model, sorted JSON, cryptography's Ed25519. FOLDER as made by make-manifests.ts."""

import base64
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pydantic import BaseModel, ConfigDict


class File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    path: str
    size: int
    sha256: str
    cid: str
    mediaType: str


class Dataset(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    version: str
    revision: int
    description: str
    license: str
    tier: str
    cid: str
    profile: str
    files: list[File]
    totalSize: int
    created: str


class Signature(BaseModel):
    model_config = ConfigDict(extra="forbid")
    keyid: str
    format: str
    signature: str


class Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid")
    dataset: Dataset
    signatures: list[Signature]


def main() -> None:
    folder = Path(sys.argv[1])
    key = load_pem_public_key((folder / "public-key.pem").read_bytes())
    kind = b"application/vnd.holdfast.dataset.v1+json"
    verified = 0
    for path in sorted((folder / "manifests").iterdir()):
        manifest = Manifest.model_validate_json(path.read_bytes())
        payload = json.dumps(
            manifest.dataset.model_dump(), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()
        message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
        for signature in manifest.signatures:
            key.verify(base64.b64decode(signature.signature), message)
        verified += 1
    print(json.dumps({"verified": verified}))


main()
