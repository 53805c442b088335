import { hashFolder } from '@holdfast/content';
import { bytes, count } from '@holdfast/manifest/text';
import { contentFlags, hashOptions } from '../content/hash-flags.ts';
import { defineCommand } from '../frame/command.ts';
import { exitCode } from '../frame/exit-code.ts';
import { fromCwd, kindOfOperand } from '../frame/operand-file.ts';

export const cid = defineCommand({
  operands: 'PATH',
  arity: [1, 1],
  flags: contentFlags,
  about: 'Sends nothing. Kubo gives the same CID under the same profile.',
  examples: [
    { about: 'a folder', command: 'holdfast cid ./data' },
    { about: 'only the CID, for a script', command: 'holdfast cid --quiet ./data' },
    { about: 'as older tools do', command: 'holdfast cid ./data --profile unixfs-v0-2015' },
  ],
  async run({ operands: [path = ''], flags }, tools) {
    await kindOfOperand(tools.cwd, path);
    const hash = await hashFolder(fromCwd(tools.cwd, path), hashOptions(flags, tools));
    const { cid, profile, totalSize, dagSize } = hash;
    return {
      exitCode: exitCode.ok,
      result: { cid, profile, files: hash.files.length, totalSize, dagSize, skipped: hash.skipped },
      quiet: cid,
      text: (paint) =>
        `${paint.bold(cid)}\n${paint.dim(`${count(hash.files.length, 'file')}, ${bytes(totalSize)}, ${profile}`)}`,
    };
  },
});
