import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { replaceFile } from '@holdfast/manifest/replace-file';
import { predicateType, type Receipt, receiptSubjects } from './receipt.ts';

export interface ReceiptFiles {
  readonly receipt: string;
  readonly subjects: string;
  readonly predicate: string;
  readonly type: string;
}

/** The receipt, and beside it the two parts that actions/attest needs. Each file is complete or absent. */
export async function writeReceipt(receipt: Receipt, path: string): Promise<ReceiptFiles> {
  const files = filesAt(path);
  mkdirSync(dirname(files.receipt), { recursive: true });
  await replaceFile(files.predicate, `${JSON.stringify(receipt.predicate, null, 2)}\n`);
  await replaceFile(files.subjects, receiptSubjects(receipt));
  await replaceFile(files.receipt, `${JSON.stringify(receipt, null, 2)}\n`);
  return files;
}

/** Removes the receipt of an earlier run, which does not speak for this one. */
export function removeReceipt(path: string): void {
  const { receipt, subjects, predicate } = filesAt(path);
  for (const file of [receipt, subjects, predicate]) rmSync(file, { force: true });
}

/** A folder of its own: a job may use the action more than once. */
export function defaultReceiptPath(temporary: string): string {
  return join(mkdtempSync(join(temporary, 'holdfast-')), 'receipt.json');
}

function filesAt(path: string): ReceiptFiles {
  const receipt = resolve(path);
  const base = receipt.replace(/\.json$/, '');
  return {
    receipt,
    subjects: `${base}.subjects.txt`,
    predicate: `${base}.predicate.json`,
    type: predicateType,
  };
}
