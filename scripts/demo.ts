// `npm run demo`: the main job, seen end to end, and everything cleaned up.
import { EngineMissing } from '../packages/testkit/src/index.ts';
import { tellOnCluster } from './demo/cluster-story.ts';
import { tellOnFolders } from './demo/folder-story.ts';
import { chooseSetting } from './demo/setting.ts';
import { bad, command, good, heading, seconds, tell, title } from './demo/stage.ts';

title('Holdfast: signed dataset manifests, pinned for good');
const stack = new AsyncDisposableStack();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.log('\nStopping everything that was started …');
    void stack.disposeAsync().finally(() => process.exit(130));
  });
}

/** How the story ended: what it ran on, and how to see the other. */
let ending: readonly [saw: string, other: string, command: string] | undefined;
try {
  if ((await chooseSetting(process.argv.slice(2))) === 'cluster') {
    const version = await tellOnCluster(stack);
    ending = [
      `You saw the real cluster: three peers of IPFS Cluster ${version}, each over a Kubo node.`,
      'The same story in three folders, without engines:',
      'npm run demo -- --folders',
    ];
  } else {
    await tellOnFolders(stack);
    ending = [
      'You saw the embedded target: three folders of this machine stood for three places.',
      'The same story on a real cluster of three peers; Go builds its engines once, in minutes:',
      'npm run demo -- --cluster',
    ];
  }
} catch (error) {
  bad((error as Error).message);
  if (error instanceof EngineMissing) tell('Without engines: npm run demo -- --folders');
  process.exitCode = error instanceof EngineMissing ? 3 : 1;
} finally {
  heading('Clean up');
  await stack.disposeAsync();
  good(`everything that was started is stopped, and its files are gone; the story took ${seconds()} s`);
}
if (ending) {
  const [saw, other, line] = ending;
  console.log(`\n   ${saw}`);
  tell(other);
  command(line);
}
