export interface BrowserBundle {
  readonly code: string;
  /** Built-ins of Node that it would need. */
  readonly builtIns: readonly string[];
}

/** What a bundler makes of a module for browsers; `folder` is where its imports are resolved from. */
export async function browserBundle(entry: string, folder: string): Promise<BrowserBundle> {
  // Loaded here: most tests bundle nothing.
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    stdin: { contents: entry, resolveDir: folder, loader: 'js' },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    conditions: ['@holdfast/source'],
    write: false,
    metafile: true,
  });
  const builtIns = Object.keys(metafile.inputs).filter((path) => path.startsWith('node:'));
  return { code: outputFiles[0]?.text ?? '', builtIns };
}
