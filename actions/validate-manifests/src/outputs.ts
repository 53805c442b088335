import type { Runner } from '@holdfast/action-kit';
import { checkedManifests, isValid, nameOf, type Report, versionOf } from './report.ts';

/** GitHub accepts one MiB for all outputs of a job together. */
const maxBytes = 256 * 1024;

export function writeOutputs(runner: Runner, report: Report): void {
  runner.output('valid', String(report.valid));
  runner.output('checked', String(checkedManifests(report).length));
  runner.output('problems', fitJson(report.problems));
  runner.output('changes', fitJson(report.changes.map((change) => summaryOf(change, report.strict))));
  runner.output('plan', fitJson(report.plan));
}

function summaryOf(change: Report['changes'][number], strict: boolean) {
  const { kind, path, after, before, trust } = change;
  const dataset = (after ?? before)?.manifest.dataset;
  return {
    kind,
    path,
    ...(dataset && {
      name: nameOf(change),
      version: versionOf(change),
      revision: dataset.revision,
      tier: dataset.tier,
    }),
    ...(trust && { signedBy: trust.signedBy, missing: trust.missing }),
    valid: isValid(change, strict),
  };
}

/** JSON that a later step can parse, also where there is too much: the last item then says how many more there are. */
export function fitJson(items: readonly unknown[], limit = maxBytes): string {
  const parts: string[] = [];
  let size = 64;
  for (const item of items) {
    // Escaped beyond ASCII: no line separator, no turned text in what another step may print.
    const part = JSON.stringify(item).replace(
      /[\u007f-\uffff]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    size += part.length + 1;
    if (size > limit)
      return `[${[...parts, JSON.stringify({ more: items.length - parts.length })].join(',')}]`;
    parts.push(part);
  }
  return `[${parts.join(',')}]`;
}
