import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

/** Writes the licenses of all bundled packages into one file beside the bundle. Fails where a license cannot be found. */
export function thirdPartyLicenses(file: string): Plugin {
  return {
    name: 'third-party-licenses',
    setup(build) {
      const { outdir = '', absWorkingDir = process.cwd() } = build.initialOptions;
      build.initialOptions.metafile = true;
      build.onEnd(({ metafile }) => {
        if (metafile === undefined) return;
        const folders = bundledPackages(metafile).map((folder) => resolve(absWorkingDir, folder));
        // Many packages share a text: it stands once, under the names of all of them.
        const texts = Map.groupBy(folders.map(licenseOf).sort(byHeading), ({ text }) => text);
        const parts = [...texts].map(
          ([text, packages]) => `${packages.map(({ heading }) => heading).join('\n')}\n\n${text}\n`,
        );
        parts.unshift('This program contains these packages, each under its own license.\n');
        const folder = resolve(absWorkingDir, outdir);
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, file), parts.join(`\n${'-'.repeat(80)}\n\n`));
      });
    },
  };
}

/** Folders of the packages that at least one byte of an output comes from. */
function bundledPackages({ outputs }: Metafile): string[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = files.flatMap((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []);
  return [...new Set(folders)];
}

interface License {
  readonly heading: string;
  readonly text: string;
}

const byHeading = (a: License, b: License) => (a.heading < b.heading ? -1 : 1);

function licenseOf(folder: string): License {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const names = readdirSync(folder)
    .filter((entry) => /^(?:licen[cs]e|notice|copying)/i.test(entry))
    .sort();
  const texts = names.map((entry) => readFileSync(join(folder, entry), 'utf8'));
  if (names.length === 0) texts.push(declared(`${name}@${version}`, license, author?.name ?? author));
  const whole = texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n');
  return { heading: `${name} ${version} (${license})`, text: whole };
}

/** Some packages only name their license and author. The texts of the usual two are those of this repository. */
function declared(id: string, license: string, author: string | undefined): string {
  const text = (name: string) => readFileSync(new URL(`../LICENSE-${name}`, import.meta.url), 'utf8');
  // A waiver asks for no text to be kept; the deed says which one it is.
  if (license === 'CC0-1.0')
    return 'CC0 1.0 Universal: to the extent possible under law, its author has waived all copyright and related rights to it (https://creativecommons.org/publicdomain/zero/1.0/).';
  if (/\bApache-2\.0\b/.test(license)) return text('APACHE');
  if (license === 'MIT' && author !== undefined)
    return text('MIT').replace(/^Copyright .*$/m, `Copyright (c) ${author}`);
  throw new Error(`${id} is bundled without a license file and declares ${license}: find its license`);
}
