import { limitedJson, type Runner } from '@holdfast/action-kit';
import { checkedManifests, isValid, nameOf, type Report, versionOf } from './report.ts';

export function writeOutputs(runner: Runner, report: Report): void {
  runner.output('valid', String(report.valid));
  runner.output('checked', String(checkedManifests(report).length));
  runner.output('problems', limitedJson(report.problems));
  runner.output('changes', limitedJson(report.changes.map((change) => summaryOf(change, report.strict))));
  runner.output('data', limitedJson(report.data.map(countsOf)));
  runner.output('plan', limitedJson(report.plan));
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

function countsOf({
  name,
  version,
  against,
  cid,
  files,
  bytes,
  summary,
  retrievable,
}: Report['data'][number]) {
  return {
    name,
    version,
    ...(against !== undefined && { against }),
    cid,
    files,
    bytes,
    ...summary.total,
    ...(retrievable !== undefined && { retrievable }),
  };
}
