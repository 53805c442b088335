import { mkdir } from 'node:fs/promises';
import { type Ended, type Sandbox, sandbox } from './holdfast.ts';
import { inProcess } from './in-process.ts';
import { git, initialized, signedTides, unsignedTides } from './repository.ts';

/** A repository with tides 1.0.0 merged and signed, waves 1.0.0 unsigned, and files that are not what they are taken for. */
export async function newcomersRepository(): Promise<Sandbox> {
  const box = await sandbox();
  await initialized(box);
  await signedTides(box);
  await git(box, 'add', '.');
  await git(box, 'commit', '-q', '-m', 'Add tides');
  await unsignedTides(box, { name: 'waves' });
  await mkdir(box.path('empty'));
  await box.write({
    'notes.txt': 'not a manifest',
    'broken.json': '{ "dataset": ',
    'conflict.json': '{\n<<<<<<< HEAD\n  "dataset": {}\n=======\n  "dataset": []\n>>>>>>> bob\n}\n',
    'other/1990.csv': 'other content',
    'partial/1990.csv': 'time,metres\n',
  });
  return box;
}

/** Runs a line as a shell does: words, double quotes, and variables before the command. */
export function typed(box: Sandbox, line: string): Promise<Ended> {
  const words = [...line.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ''));
  const at = words.indexOf('holdfast');
  const env = Object.fromEntries(words.slice(0, at).map((word) => word.split(/=(.*)/s).slice(0, 2)));
  return inProcess(words.slice(at + 1), {
    cwd: box.folder,
    env: { PATH: process.env.PATH ?? '', HOME: box.home, GIT_CONFIG_NOSYSTEM: '1', ...env },
    input: '',
  });
}
