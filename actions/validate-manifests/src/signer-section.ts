import { code, commands, count, type Document, md } from '@holdfast/action-kit';
import type { Change } from '@holdfast/manifest';
import { commandPath } from '@holdfast/manifest/text';
import { nameOf, versionOf } from './report.ts';

const shownUnfolded = 3;
/** A rule can name hundreds of signers, and their blocks differ in little. */
const maxBlocks = 20;

/** A block to copy for each signer whose signature can still count. */
export function addSigners(
  page: Document,
  changes: readonly Change[],
  pullRequest: number | undefined,
): void {
  const open = changes.filter(({ trust }) => trust !== undefined && trust.missing.length > 0);
  if (open.length === 0) return;
  page.add(md`### Who can sign`);
  page.list(
    open.map((change) => {
      const { needed, signedBy = [], missing = [] } = change.trust ?? {};
      const lacking = (needed?.threshold ?? 1) - signedBy.length;
      const who = lacking === 1 ? missing.join(' or ') : `${lacking} of ${missing.join(', ')}`;
      return md`${code(nameOf(change))} ${versionOf(change)} needs ${count(lacking, 'more signature')}, by ${who}`;
    }),
  );
  const signers = [...new Set(open.flatMap(({ trust }) => trust?.missing ?? []))];
  for (const signer of signers.slice(0, maxBlocks)) {
    const own = open.filter(({ trust }) => trust?.missing.includes(signer));
    const names = own.map((change) => `${nameOf(change)} ${versionOf(change)}`);
    const subject = names.length === 1 ? `Sign ${names[0]}` : `Sign ${count(names.length, 'dataset')}`;
    const block = commands([
      ...(pullRequest === undefined ? [] : [`gh pr checkout ${pullRequest}`]),
      `holdfast sign ${own.map(({ path }) => commandPath(path, '<manifest>')).join(' ')}`,
      `git commit --all --message "${subject}"`,
      'git push',
    ]);
    page.block(md`For ${signer}`, block, signers.length > shownUnfolded);
  }
}
