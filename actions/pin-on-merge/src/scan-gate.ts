import { type DatasetResult, type Desired, describeDataset } from '@holdfast/datasets';
import type { Step } from '@holdfast/pinning';
import { type DatasetScan, type ScanFault, type ScanPorts, scanDataset } from './scan/dataset-scan.ts';

/** Scans what the target does not have yet. Returns the datasets that must not be pinned. */
export async function scanNewPins(
  steps: readonly Step[],
  desired: Desired,
  { log, ...ports }: ScanPorts & { readonly log: (line: string) => void },
): Promise<DatasetResult[]> {
  const blocked: DatasetResult[] = [];
  for (const step of steps) {
    // Two datasets of one CID have the same content, but each lists the files itself: either list may be wrong.
    for (const id of step.ids) {
      const file = desired.byId.get(id);
      if (file === undefined) continue;
      const scan = await scanDataset(file.files, ports);
      if (scan.clean) log(`scanned ${id}: ${scan.files} files, ${scan.bytes} bytes, clean`);
      else {
        const words = wordsFor(scan);
        log(`✗ ${id}: ${words.reason}`);
        blocked.push({ ...describeDataset(id, file), verdict: 'blocked', ...words });
      }
    }
  }
  const cids = new Set(blocked.map(({ cid }) => cid));
  const seen = new Set(blocked.map(({ id }) => id));
  for (const step of steps.filter(({ cid }) => cids.has(cid))) {
    for (const id of step.ids.filter((each) => !seen.has(each))) {
      const file = desired.byId.get(id);
      const reason = 'another dataset of the same CID was blocked';
      if (file !== undefined) blocked.push({ ...describeDataset(id, file), verdict: 'blocked', reason });
    }
  }
  return blocked;
}

const openings: Readonly<Record<ScanFault['kind'], string>> = {
  hit: 'the scanner found something in',
  scanner: 'could not be scanned:',
  content: 'could not be read for the scan:',
};

const advice: Readonly<Record<ScanFault['kind'], string>> = {
  hit: 'Nothing of it was pinned. Remove the file and publish a new version. If the scanner is wrong, fix its signatures and run again.',
  scanner: 'Nothing of it was pinned. Fix the scanner or its limits, then run again.',
  content:
    'Nothing of it was pinned. Make sure that the gateways or nodes have the content as the manifest lists it, then run again.',
};

function wordsFor({
  faults,
}: Extract<DatasetScan, { clean: false }>): Pick<DatasetResult, 'reason' | 'todo'> {
  const first = faults.find(({ kind }) => kind === 'hit') ?? faults[0];
  if (first === undefined) return { reason: 'could not be scanned' };
  const same = faults.filter(({ kind }) => kind === first.kind);
  const named = same.map(({ path, message }) => `${path} (${message})`).join(', ');
  return { reason: `${openings[first.kind]} ${named}`, todo: advice[first.kind] };
}
