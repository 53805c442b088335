import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { predicateType, type Receipt, receiptSubjects } from './receipt.ts';

export interface ReceiptFiles {
  readonly receipt: string;
  readonly subjects: string;
  readonly predicate: string;
  readonly type: string;
}

/** The receipt, and beside it the same in the two pieces that actions/attest wants. */
export function writeReceipt(receipt: Receipt, path: string): ReceiptFiles {
  const file = resolve(path);
  const base = file.replace(/\.json$/, '');
  const files = {
    receipt: file,
    subjects: `${base}.subjects.txt`,
    predicate: `${base}.predicate.json`,
    type: predicateType,
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(files.receipt, `${JSON.stringify(receipt, null, 2)}\n`);
  writeFileSync(files.subjects, receiptSubjects(receipt));
  writeFileSync(files.predicate, `${JSON.stringify(receipt.predicate, null, 2)}\n`);
  return files;
}

export function defaultReceiptPath(temporary: string): string {
  return join(temporary, 'holdfast', 'receipt.json');
}
