import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { enginesFolder } from '../engines/engine.ts';

/** A Node that the workspace brings, or the path of any other. */
export type NodeVersion = '22' | '24' | '26' | (string & {});

export function nodeBinary(version: NodeVersion): string {
  if (version === '26') return process.execPath;
  if (!isBrought(version)) return version;
  const binary = join(nodeFolder(version), 'node');
  if (existsSync(binary)) return binary;
  throw new Error(`Node ${version} is not in ${binary}: run "npm ci" with optional dependencies`);
}

function isBrought(version: string): version is '22' | '24' {
  return version === '22' || version === '24';
}

/** A folder to put first on PATH. */
export function nodeFolder(version: '22' | '24'): string {
  return join(enginesFolder, `node-${version}`, 'node_modules', '.bin');
}
