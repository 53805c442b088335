import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { commandPath, escapeText } from '@holdfast/manifest/text';
import type { Tools } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { readOperand } from '../frame/operand-file.ts';
import { parsedJson } from '../frame/parsed-json.ts';
import { judgeConfig } from './engine-config.ts';
import type { Finding } from './finding.ts';

/** The configuration files of engines on this machine: what they say, and who else can read their secrets. */
export async function configFiles(
  paths: readonly string[],
  { cwd }: Pick<Tools, 'cwd'>,
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const path of paths) {
    const text = new TextDecoder().decode(await readOperand(cwd, path));
    const judged = judgeConfig(path, parsedJson(text));
    if (judged === undefined)
      throw new Misuse(
        `${escapeText(path)} expected the service.json of IPFS Cluster or the config of Kubo`,
        'usually ~/.ipfs-cluster/service.json and ~/.ipfs/config',
      );
    const { mode } = await stat(resolve(cwd, path));
    const holdsSecret =
      /"(secret|PrivKey|private_key|basic_auth_credentials|Authorizations)"\s*:\s*["{]\s*[^\s"}]/.test(text);
    if (process.platform !== 'win32' && holdsSecret && mode & 0o077)
      found.push({
        area: 'configuration',
        subject: path,
        health: 'error',
        message: 'others on this machine can read the secrets in it',
        help: `chmod 600 ${commandPath(path, 'FILE')}, and change the secrets if others may have read them`,
      });
    found.push(...judged);
  }
  return found;
}
