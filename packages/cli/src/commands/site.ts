import { resolve } from 'node:path';
import { hashFolder } from '@holdfast/content';
import { acceptManifests } from '@holdfast/datasets';
import { hasErrors } from '@holdfast/manifest';
import { bytes, commandPath, count, escapeText } from '@holdfast/manifest/text';
import { type SiteDataset, type SiteValues, siteFiles } from '@holdfast/site';
import { summarize } from '@holdfast/watch';
import { openHistory } from '@holdfast/watch/node';
import { gatewaysNamed, sourceFlags } from '../content/source-flags.ts';
import { defineCommand, type Report, type Tools, type Values } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { hostAndPort } from '../frame/host-and-port.ts';
import { Misuse } from '../frame/misuse.ts';
import { exists } from '../frame/operand-file.ts';
import { webAddress } from '../frame/web-address.ts';
import { actionOf } from '../frame/word-action.ts';
import { knownEndings } from '../names/known-endings.ts';
import { routerFlags } from '../names/router-flags.ts';
import { judgeCommit } from '../pinning/judge-commit.ts';
import { workTreeAround } from '../repository/work-tree.ts';
import { readNotes } from '../site/notes-file.ts';
import { siteFolderAt, writeSite } from '../site/site-folder.ts';
import { serveSite } from '../site/site-server.ts';

const flags = {
  output: { type: 'string', short: 'o', value: 'DIR', about: 'folder of the site; default: site' },
  history: { type: 'string', value: 'DIR', about: 'folder of the history; default: holdfast-history' },
  title: { type: 'string', value: 'TEXT', about: 'title of the site; default: the name of the repository' },
  address: {
    type: 'string',
    value: 'URL',
    about: 'where the site will be: for the sitemap, the feed and search engines',
  },
  gateway: { ...sourceFlags.gateway, about: 'gateway that readers can fetch from; default: $GATEWAYS' },
  notes: { type: 'string', value: 'FILE', about: 'planned work and other notes, as JSON' },
  'public-keys': {
    type: 'string',
    value: 'DIR',
    about: 'folder of the keys and the policy; default: public-keys',
  },
  ...routerFlags,
  router: {
    ...routerFlags.router,
    about: 'router that knows the records of names, to say when they end; default: $ROUTERS',
  },
  at: { type: 'string', value: 'HOST:PORT', about: 'serve: where to listen; default: 127.0.0.1:8000' },
} as const;
type SiteFlags = Values<typeof flags>;

export const site = defineCommand({
  operands: 'build|serve',
  arity: [1, 1],
  flags,
  about:
    'A status page and a catalogue of every dataset of the last commit, with what the history of holdfast watch knows of them. The folder works on any server, in a subfolder, over IPFS and from a disk. The same commit and history give the same CID.',
  examples: [
    {
      about: 'into the folder site',
      command: 'holdfast site build --gateway https://ipfs.example.org --address https://data.example.org/',
    },
    { about: 'look at it', command: 'holdfast site serve' },
  ],
  resume: 'nothing was replaced; run the same command again',
  run: ({ operands: [word = ''], flags: given }, tools) =>
    actionOf('site', { build, serve }, word)(given, tools),
});

async function build(given: SiteFlags, tools: Tools): Promise<Report> {
  const shown = given.output ?? 'site';
  const folder = resolve(tools.cwd, shown);
  await siteFolderAt(folder, shown);
  const { values, problems, sources, faults } = await valuesOf(given, tools);
  const written = await writeSite(folder, siteFiles(values), {
    signal: tools.signal,
    onFile: (done) => tools.progress({ phase: 'writing', done, unit: 'files' }),
  });
  const { cid } = await hashFolder(folder, { signal: tools.signal });
  for (const fault of faults) tools.note(fault);
  return {
    exitCode: hasErrors(problems) ? exitCode.problems : exitCode.ok,
    result: {
      action: 'build',
      output: folder,
      cid,
      files: written.files,
      bytes: written.bytes,
      datasets: values.datasets.length,
      lastLook: values.summary?.lastAt === undefined ? null : new Date(values.summary.lastAt).toISOString(),
    },
    problems,
    sources,
    quiet: cid,
    text: (paint) =>
      [
        `${paint.green('✓')} ${paint.bold(escapeText(shown))}: ${count(values.datasets.length, 'dataset')}, ${count(written.files, 'file')}, ${bytes(written.bytes)}`,
        `  ${cid}`,
        ...(values.summary === undefined
          ? [paint.yellow('  there is no history yet: holdfast watch --once begins one')]
          : []),
        `next: holdfast site serve${given.output === undefined ? '' : ` -o ${commandPath(shown, 'DIR')}`}`,
      ].join('\n'),
  };
}

async function valuesOf(given: SiteFlags, tools: Tools) {
  const { report, trust, sources } = await judgeCommit(given, tools);
  const { accepted, problems, lapsedProblems } = acceptManifests(report);
  const tree = await workTreeAround(tools.cwd);
  const repository = tree?.host && tree.repository ? `https://${tree.host}/${tree.repository}` : undefined;
  const folder = resolve(tools.cwd, given.history ?? 'holdfast-history');
  if (given.history !== undefined && !(await exists(folder)))
    throw new Misuse(
      `there is no history in ${escapeText(given.history)}`,
      'holdfast watch --once begins one; leave out --history for a site without',
    );
  const history = openHistory(folder);
  const now = tools.clock().getTime();
  const summary = await summarize(history.lines(), { at: now, toLastRound: true });
  const publicKeys = given['public-keys'];
  const values: SiteValues = {
    title: given.title ?? tree?.repository ?? 'Datasets',
    address: given.address === undefined ? undefined : addressOf(given.address),
    repository,
    datasets: accepted.map(
      ({ path, manifest: { dataset }, digest, trust: { signedBy }, files }): SiteDataset => ({
        path,
        dataset,
        digest,
        signedBy,
        files: dataset.files ?? files,
      }),
    ),
    summary: summary.lastAt === undefined ? undefined : summary,
    gateways: gatewaysNamed(given.gateway, tools).map(({ url }) => url),
    notes: given.notes === undefined ? [] : await readNotes(tools.cwd, given.notes),
    endings: await knownEndings({ accepted, trust, publicKeys }, given, tools),
    at: now,
  };
  const faults = history.faults.map(({ file, line, why }) => `${file}:${line} is passed over: ${why}`);
  return { values, problems: [...problems, ...lapsedProblems], sources, faults };
}

/** A folder: what is below it is named relative to it. */
function addressOf(text: string): string {
  const url = webAddress('--address', text, 'https://data.example.org/', 'a page is open to all');
  return url.endsWith('/') ? url : `${url}/`;
}

async function serve(given: SiteFlags, tools: Tools): Promise<Report> {
  const shown = given.output ?? 'site';
  const folder = resolve(tools.cwd, shown);
  if (!(await exists(resolve(folder, 'index.html'))))
    throw new Misuse(`there is no site in ${escapeText(shown)}`, 'holdfast site build makes one');
  const { host, port } = hostAndPort('--at', given.at ?? '127.0.0.1:8000');
  const server = await serveSite(folder, host, port);
  try {
    tools.note(`${server.url} serves ${escapeText(shown)} until Ctrl-C`);
    await new Promise<void>((done) => {
      if (tools.signal.aborted) done();
      else tools.signal.addEventListener('abort', () => done(), { once: true });
    });
  } finally {
    await server.close();
  }
  return {
    exitCode: exitCode.ok,
    result: { action: 'serve', output: folder, url: server.url },
    text: () => '',
  };
}
