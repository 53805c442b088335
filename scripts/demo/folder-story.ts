import { rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { manifest } from './dataset.ts';
import { startFolderGateway } from './folder-gateway.ts';
import { holdfast, type Shell, succeed } from './program.ts';
import { tellProposal } from './proposal.ts';
import { bold, command, good, heading, tell } from './stage.ts';

/** Three folders stand for three places. Everything else is as it is with a cluster. */
export async function tellOnFolders(stack: AsyncDisposableStack): Promise<void> {
  const { shell: home, merge } = await tellProposal(3, stack);
  const places = ['oslo', 'lisbon', 'nairobi'];
  const [, lost = ''] = places;
  const HOLDFAST_LOCAL = places.map((place) => join('places', place)).join(delimiter);
  const shell: Shell = { ...home, env: { ...home.env, HOLDFAST_LOCAL } };

  heading('The merge: copies in three places');
  await merge();
  tell('Three folders stand for three places. With a cluster, pin-on-merge does this part on GitHub.');
  command(`export HOLDFAST_LOCAL=${HOLDFAST_LOCAL}`);
  await succeed(shell, 'publish', 'data', '--manifest', manifest);
  await succeed(shell, 'pin');
  good('green, and only because all three copies exist');

  heading('A place is lost, and its copy is made again');
  await rm(join(shell.cwd, 'places', lost), { recursive: true });
  tell(`The disk in ${bold(lost)} dies. An empty one takes its place.`);
  if ((await holdfast(shell, 'status')) === 0) throw new Error('the lost copy was not noticed');
  await succeed(shell, 'heal');
  await succeed(shell, 'status');
  good('three copies again: the new one comes from the other two');

  heading('The proof: read it back');
  const gateway = stack.use(await startFolderGateway(join(shell.cwd, 'places', lost)));
  tell(`Every byte, from ${bold(lost)} alone, hashed again and compared with what alice signed.`);
  await succeed(shell, 'verify', manifest, '--content', gateway.url);
  good(`what ${lost} lost is whole again`);
}
