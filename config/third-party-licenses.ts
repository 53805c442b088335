import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

/** Writes the licences of all bundled packages into `name` beside the bundle, as most of them ask for. */
export function thirdPartyLicenses(name: string): Plugin {
  return {
    name: 'third-party-licenses',
    setup(build) {
      build.initialOptions.metafile = true;
      build.onEnd(({ metafile }) => {
        const { absWorkingDir = process.cwd(), outdir } = build.initialOptions;
        if (metafile === undefined || outdir === undefined) return;
        mkdirSync(outdir, { recursive: true });
        writeFileSync(join(outdir, name), licensesOf(metafile, absWorkingDir));
      });
    },
  };
}

function licensesOf({ inputs }: Metafile, base: string): string {
  const folders = new Set(
    Object.keys(inputs).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []),
  );
  const entries = [...folders].map((folder) => licenseOf(join(base, folder)));
  return `This program contains these packages, each under its own license.\n\n${[...new Set(entries)].sort().join('\n')}`;
}

function licenseOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (typeof license !== 'string' && texts.length === 0) {
    throw new Error(`${name} ${version} has no license: nothing that cannot be given on may be bundled`);
  }
  const heading = `${name} ${version} (${license})`;
  return `${'-'.repeat(80)}\n${[heading, ...texts].join('\n\n')}\n`;
}
