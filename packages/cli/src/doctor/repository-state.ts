import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { draftEnding } from '@holdfast/manifest/replace-file';
import { commandPath, count, escapeText } from '@holdfast/manifest/text';
import type { Tools } from '../frame/command.ts';
import { runTool } from '../frame/tool.ts';
import { trustFrom } from '../keys/trust-folder.ts';
import { signatureAttributes, signatureDriver } from '../repository/signature-driver.ts';
import { workTreeAround } from '../repository/work-tree.ts';
import { type Finding, Findings } from './finding.ts';

/** The repository around the current folder: who may sign, what runs on GitHub, what this clone lacks. */
export async function repositoryState(named: string | undefined, tools: Tools): Promise<readonly Finding[]> {
  const found = new Findings('repository');
  const tree = await workTreeAround(tools.cwd);
  if (tree === undefined) {
    found.warn(tools.cwd, 'this folder is not in a git repository', 'cd to the repository of your manifests');
    return found.all();
  }
  const { root, host, repository } = tree;
  if (repository) found.ok(repository, `the remote is ${host}/${repository}`);
  else
    found.warn(
      'remote',
      'no remote on a forge: there is no owner for pins to be marked with',
      'git remote add origin URL, or give plan and pin an --owner',
    );
  await signers(found, named, tools);
  await workflows(found, root);
  await mergeDriver(found, root, tools);
  await drafts(found, root, tools);
  return found.all();
}

async function signers(found: Findings, named: string | undefined, tools: Tools): Promise<void> {
  const loaded = await trustFrom(tools.cwd, named);
  if (loaded === undefined)
    return found.error('public-keys', 'there are no keys: nobody can sign', 'holdfast init --signer NAME');
  const { folder, problems, trust } = loaded;
  for (const { file, line, message, hint, severity } of problems) {
    const place = line === undefined ? (file ?? folder) : `${file ?? folder}:${line}`;
    found[severity === 'error' ? 'error' : 'warn'](place, message, hint ?? 'holdfast check says more');
  }
  if (problems.length > 0) return;
  const names = [...trust.signers.keys()];
  const policy = trust.document?.policy;
  const shown = names.slice(0, 5).map(escapeText).join(', ') + (names.length > 5 ? ', …' : '');
  const by = policy ? `policy version ${policy.version}` : 'no policy, so each may sign everything';
  found.ok(folder, `${count(names.length, 'signer')}: ${shown}; ${by}`);
}

async function workflows(found: Findings, root: string): Promise<void> {
  const folder = join(root, '.github', 'workflows');
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.ya?ml$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  for (const action of ['validate-manifests', 'pin-on-merge']) {
    const uses = (at: number) => texts[at]?.includes(`actions/${action}`) === true;
    const own = names.findIndex((name, at) => name.startsWith(action) && uses(at));
    const at = own >= 0 ? own : names.findIndex((_, at) => uses(at));
    if (at >= 0) found.ok(action, `.github/workflows/${names[at]}`);
    else found.warn(action, `no workflow runs ${action}`, 'holdfast init writes it');
  }
}

/** No repository can tell git about a merge driver for its clones. */
async function mergeDriver(found: Findings, root: string, tools: Tools): Promise<void> {
  const attributes = await readFile(join(root, '.gitattributes'), 'utf8').catch(() => '');
  if (!signatureAttributes.some((line) => attributes.includes(line))) return;
  const key = `merge.${signatureDriver.name}.driver`;
  const set = await runTool('git', ['-C', root, 'config', '--get', key], '', tools);
  if (set?.code === 0) return found.ok('merge driver', 'git unites signatures in this clone');
  found.warn(
    'merge driver',
    'git does not unite the signatures of two branches in this clone',
    'holdfast merge --set-up',
  );
}

/** What a run that was killed while it wrote left behind. */
async function drafts(found: Findings, root: string, { cwd }: Tools): Promise<void> {
  for (const folder of ['manifests', 'public-keys']) {
    const names = await readdir(join(root, folder), { recursive: true }).catch(() => []);
    for (const name of names.filter((each) => each.endsWith(draftEnding))) {
      const path = relative(cwd, join(root, folder, name));
      found.warn(path, 'half-written, by a run that was stopped', `rm ${commandPath(path, 'FILE')}`);
    }
  }
}
