import { parseArgs } from 'node:util';
import { EngineMissing, findEngine } from '../../packages/testkit/src/index.ts';
import { tell } from './stage.ts';

/** Where the copies of the story are kept. */
type Setting = 'cluster' | 'folders';

const usage = `Usage: npm run demo -- [--cluster | --folders]

Tells the whole story of a dataset on this machine, and cleans up after itself.

  --cluster   keep the copies on a real cluster of three peers; builds its engines with Go where they are missing
  --folders   keep the copies in three folders; needs no engine
  --help      this text

Default: --cluster where the engines are built already, otherwise --folders.`;

/** The setting that the words ask for. Ends the process with the usage where they ask for that, or are misused. */
export async function chooseSetting(words: readonly string[]): Promise<Setting> {
  const { cluster, folders, help } = optionsIn(words);
  if (help) {
    console.log(usage);
    process.exit(0);
  }
  if (cluster && folders) misuse('--cluster and --folders exclude each other');
  if (folders) return 'folders';
  if (cluster) {
    await findEngines({ build: true });
    return 'cluster';
  }
  try {
    await findEngines({ build: false });
    return 'cluster';
  } catch (error) {
    if (error instanceof EngineMissing) return 'folders';
    throw error;
  }
}

function optionsIn(words: readonly string[]) {
  try {
    const option = { type: 'boolean', default: false } as const;
    const options = { cluster: option, folders: option, help: { ...option, short: 'h' } } as const;
    return parseArgs({ args: [...words], options }).values;
  } catch (error) {
    return misuse((error as Error).message);
  }
}

function misuse(message: string): never {
  console.error(`npm run demo: ${message}\n\n${usage}`);
  process.exit(2);
}

async function findEngines({ build }: { build: boolean }): Promise<void> {
  for (const name of ['kubo', 'cluster-service'] as const) {
    await findEngine(name, {
      build,
      onProgress: ({ module, version, state, seconds }) =>
        tell(
          `${module} ${version}: ${state === 'built' ? 'built in' : 'building with Go, once;'} ${seconds.toFixed(0)} s`,
        ),
    });
  }
}
