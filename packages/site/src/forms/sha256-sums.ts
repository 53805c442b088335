import type { ExportSource } from './dataset-lines.ts';

/** What `sha256sum` of GNU coreutils writes and `sha256sum -c` reads. The path rules leave nothing to escape. */
export async function* sha256Sums(
  { files }: Pick<ExportSource, 'files'>,
  prefix = '',
): AsyncGenerator<string> {
  for await (const { sha256, path } of files) yield `${sha256}  ${prefix}${path}\n`;
}
