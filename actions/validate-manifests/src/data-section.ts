import { bytes, code, count, type Document, join, link, Markdown, md, text } from '@holdfast/action-kit';
import {
  type FileCount,
  type FolderSummary,
  publishCommand,
  type SummarizedFile,
} from '@holdfast/manifest/internal';
import type { DataChange } from './data-change.ts';

export interface DataContext {
  /** The page of a manifest's file. */
  readonly addressOf: (path: string) => string | undefined;
  readonly gateways: readonly string[];
}

const publicGateways = ['https://ipfs.io', 'https://dweb.link'];
const shownUnfolded = 10;

/** What the files of the datasets become: a row each, then its folders and files. */
export function addDataChanges(page: Document, changes: readonly DataChange[], context: DataContext): void {
  if (changes.length === 0) return;
  page.add(md`### What changes in the data`);
  page.table(
    ['Dataset', 'Compared with', 'Added', 'Removed', 'Changed', 'Moved', 'Now', 'Look at it'],
    changes.map((change) => {
      const { added, removed, changed, moved } = change.summary.total;
      return [
        nameOf(change, context),
        text(change.against ?? 'new'),
        text(amount(added, '+')),
        text(amount(removed, '−')),
        text(growth(changed)),
        text(moved.files === 0 ? '' : count(moved.files, 'file')),
        text(`${count(change.files, 'file')}, ${bytes(change.bytes)}`),
        gatewayLinks(change, context.gateways),
      ];
    }),
  );
  for (const change of changes) addDetails(page, change, changes.length === 1);
}

/** What has to be done before the merge, so that peers find the content. */
export function addPublishing(page: Document, changes: readonly DataChange[]): void {
  const open = changes.filter(({ retrievable }) => retrievable !== true);
  if (open.length === 0) return;
  page.add(md`### Before the merge: publish`);
  page.list(
    open.map(({ name, version, path, retrievable }) => {
      const manifest = code(publishCommand(path));
      const state =
        retrievable === false
          ? md`${Markdown.trusted('⚠️')} the gateways could not serve it`
          : md`no gateway was asked for it`;
      return md`${code(name)} ${version}: ${state}. If nobody has published it yet: ${manifest}`;
    }),
  );
}

/** `2 files added (+12 kB)`, for the log. */
export function dataLine({ name, version, against, summary, retrievable }: DataChange): string {
  const { added, removed, changed, moved } = summary.total;
  const parts = [
    added.files > 0 && `${count(added.files, 'file')} added (${bytes(added.bytes)})`,
    removed.files > 0 && `${count(removed.files, 'file')} removed (${bytes(removed.bytes)})`,
    changed.files > 0 && `${count(changed.files, 'file')} changed (${signed(changed.bytes)})`,
    moved.files > 0 && `${count(moved.files, 'file')} moved`,
  ].filter(Boolean);
  const than = against === undefined ? '' : ` against ${against}`;
  const lost = retrievable === false ? '; the gateways could not serve it' : '';
  return `${name} ${version}${than}: ${parts.length === 0 ? 'the same files' : parts.join(', ')}${lost}`;
}

function addDetails(page: Document, { name, version, summary }: DataChange, alone: boolean): void {
  const { folders, files, hidden } = summary;
  const label = (what: string) => md`${code(name)} ${version}: ${what}`;
  const open = (rows: readonly unknown[]) => alone && rows.length <= shownUnfolded;
  // A few files say more than their folders.
  if (folders.length > 1 && files.length > shownUnfolded)
    page.table(
      ['Folder', 'Added', 'Removed', 'Changed', 'Moved here'],
      folders.map((folder) => [
        folderName(folder),
        text(amount(folder.added, '+')),
        text(amount(folder.removed, '−')),
        text(growth(folder.changed)),
        text(folder.moved.files === 0 ? '' : count(folder.moved.files, 'file')),
      ]),
      open(folders) ? undefined : label('by folder'),
    );
  const listed = hidden === 0 ? count(files.length, 'file') : `the first ${count(files.length, 'file')}`;
  page.table(
    ['', 'File', 'Size'],
    files.map((file) => [text(file.kind), fileName(file), text(sizeOf(file))]),
    open(files) ? undefined : label(listed),
  );
  if (hidden > 0) page.add(md`${label(`${count(hidden, 'more file')} changed`)}.`);
}

function folderName({ folder, below, beside }: FolderSummary): Markdown {
  if (beside > 0) return md`${count(beside, 'other folder')}`;
  const name = folder === '' ? md`the top folder` : code(`${folder}/`);
  return below === 0 ? name : md`${name} and ${count(below, 'folder')} below`;
}

function fileName({ path, from }: SummarizedFile): Markdown {
  return from === undefined ? code(path) : md`${code(path)}<br>from ${code(from)}`;
}

function sizeOf({ size, was }: SummarizedFile): string {
  return was === undefined || was === size ? bytes(size) : `${bytes(was)} ⇒ ${bytes(size)}`;
}

function amount({ files, bytes: size }: FileCount, sign: '+' | '−'): string {
  return files === 0 ? '' : `${count(files, 'file')}, ${sign}${bytes(size)}`;
}

function growth({ files, bytes: size }: FileCount): string {
  return files === 0 ? '' : `${count(files, 'file')}, ${signed(size)}`;
}

function signed(size: number): string {
  const sign = size === 0 ? '±' : size < 0 ? '−' : '+';
  return `${sign}${bytes(Math.abs(size))}`;
}

function nameOf({ name, version, path }: DataChange, { addressOf }: DataContext): Markdown {
  const address = addressOf(path);
  const label = md`${code(name)} ${version}`;
  return address === undefined ? label : link(label, address);
}

function gatewayLinks({ cid, retrievable }: DataChange, gateways: readonly string[]): Markdown {
  const shown = (gateways.length === 0 ? publicGateways : gateways).slice(0, 3);
  const links = shown.map((gateway) =>
    link(text(new URL(gateway).host), `${gateway.replace(/\/+$/, '')}/ipfs/${cid}`),
  );
  if (retrievable === true) links.push(md`${Markdown.trusted('✅')} a gateway has it`);
  return join(links, '<br>');
}
