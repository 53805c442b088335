import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { listFinder } from '@holdfast/content/internal';
import { countFiles } from '@holdfast/manifest/files';
import { commandPath, count, escapeText } from '@holdfast/manifest/text';
import { contentBase, croissant, dataPackage, type ExportSource, sha256Sums } from '@holdfast/site/forms';
import { gateway as gatewayOf, gatewaysOf } from '../content/source-flags.ts';
import { bagFiles, digested, tagManifest } from '../exchange/bag.ts';
import { defineCommand, type Tools } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import { exists, fromCwd } from '../frame/operand-file.ts';
import { webAddress } from '../frame/web-address.ts';
import { unwritten, writeChunks } from '../frame/whole-file.ts';
import { filesOnDisk } from '../manifest/listed-files.ts';
import { readValidManifest } from '../manifest/manifest-file.ts';

const forms = ['sha256sums', 'bagit', 'datapackage', 'croissant'] as const;
type Form = (typeof forms)[number];

export const exportCommand = defineCommand({
  operands: 'DATASET',
  names: 'datasets',
  arity: [1, 1],
  flags: {
    sha256sums: { type: 'boolean', about: 'SHA256SUMS, which sha256sum -c checks a folder with' },
    bagit: { type: 'boolean', about: 'a bag (BagIt 1.0) without its payload; needs -o DIR' },
    datapackage: { type: 'boolean', about: 'datapackage.json (Data Package 1.0)' },
    croissant: { type: 'boolean', about: 'JSON-LD (Croissant 1.0)' },
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      about: 'output file; default: standard output. Of a bag, its folder',
    },
    force: { type: 'boolean', about: 'replace the output file' },
    gateway: {
      type: 'string',
      value: 'URL',
      about: 'write addresses of this gateway into the list; default: ipfs: addresses',
    },
  },
  about:
    'Writes the list of files in a form that other tools read. The files themselves are not needed. docs/exchange.md says what each form holds.',
  examples: [
    {
      about: 'check a folder without Holdfast',
      command: 'holdfast export tides --sha256sums -o data/SHA256SUMS',
    },
    {
      about: 'a bag that its receiver fills from a gateway',
      command: 'holdfast export tides --bagit -o tides-bag --gateway https://ipfs.example.org',
    },
  ],
  resume: 'nothing was written; run the same command again',
  async run({ operands: [operand = ''], flags }, tools) {
    const chosen = forms.filter((form) => flags[form]);
    const [form] = chosen;
    if (form === undefined || chosen.length > 1) {
      throw new Misuse(
        form === undefined ? 'missing: the form' : `--${chosen.join(' and --')} are two forms`,
        'choose one of --sha256sums, --bagit, --datapackage and --croissant',
      );
    }
    const source = await sourceOf(operand, flags.gateway, tools);
    const output = flags.output && fromCwd(tools.cwd, flags.output);
    if (output !== undefined && !flags.force && (await exists(output)))
      throw new Misuse(
        `${escapeText(flags.output ?? '')} exists already`,
        'choose another -o, or add --force to replace a file',
      );
    if (form === 'bagit') {
      if (output === undefined) throw new Misuse('--bagit needs -o DIR', 'a bag is a folder');
      await writeBag(output, source, flags.gateway !== undefined);
    } else if (output !== undefined) {
      await writeChunks(output, textOf(form, source));
    } else {
      if (tools.print === undefined)
        throw new Misuse('--json and --quiet need -o FILE', 'the list itself goes to standard output');
      await print(textOf(form, source), tools.print, tools.signal);
    }
    const { name, version, cid } = source.dataset;
    const files = countFiles(source.dataset);
    return {
      exitCode: exitCode.ok,
      result: { form, output: flags.output ?? null, name, version, cid, files },
      quiet: flags.output ?? '',
      text: (paint) =>
        flags.output === undefined
          ? ''
          : [
              `${paint.green('wrote')} ${paint.bold(escapeText(flags.output))}: ${count(files, 'file')}`,
              ...(form === 'bagit'
                ? [
                    `next: holdfast fetch ${commandPath(operand, 'DATASET')} -o ${commandPath(join(flags.output, 'data'), 'DIR')}`,
                  ]
                : []),
            ].join('\n'),
    };
  },
});

async function sourceOf(operand: string, gateway: string | undefined, tools: Tools): Promise<ExportSource> {
  const { path, manifest } = await readValidManifest(tools.cwd, operand);
  const { dataset } = manifest;
  if (gateway !== undefined)
    webAddress('--gateway', gateway, 'https://ipfs.example.org', 'leave it out of the address');
  const base = contentBase(gateway, dataset.cid);
  const find =
    gateway === undefined ? undefined : listFinder(gatewaysOf([gatewayOf('--gateway', gateway)]), tools);
  return { dataset, files: await filesOnDisk(tools.cwd, path, dataset, find), base };
}

function textOf(form: Exclude<Form, 'bagit'>, source: ExportSource): AsyncIterable<string> {
  if (form === 'sha256sums') return sha256Sums(source);
  return form === 'datapackage' ? dataPackage(source) : croissant(source);
}

/** The folder gets its name when the bag is complete but for its payload. */
async function writeBag(folder: string, source: ExportSource, withFetch: boolean): Promise<void> {
  if (await exists(folder)) throw new Misuse(`${escapeText(folder)} exists already`, 'choose another -o');
  const part = `${folder}.part`;
  const digests = new Map<string, string>();
  try {
    await rm(part, { recursive: true, force: true });
    await mkdir(join(part, 'data'), { recursive: true });
    for (const { path, text } of bagFiles(source, withFetch)) {
      const chunks = digested(text(), (sha256) => digests.set(path, sha256));
      await writeChunks(join(part, path), chunks);
    }
    await writeChunks(join(part, 'tagmanifest-sha256.txt'), [tagManifest(digests)]);
    await rename(part, folder);
  } catch (error) {
    await rm(part, { recursive: true, force: true }).catch(() => undefined);
    throw unwritten(folder, error as NodeJS.ErrnoException);
  }
}

const printedAtOnce = 64 << 10;

/** Others have their turn between two pieces, so that a pipe is read and Ctrl-C is heard. */
async function print(
  text: AsyncIterable<string>,
  write: NonNullable<Tools['print']>,
  signal: AbortSignal,
): Promise<void> {
  let piece = '';
  for await (const chunk of text) {
    piece += chunk;
    if (piece.length < printedAtOnce) continue;
    write(piece);
    piece = '';
    await pause(0);
    signal.throwIfAborted();
  }
  write(piece);
}
