import { escapeText, nearest } from '@holdfast/manifest/text';
import { Misuse } from '../frame/misuse.ts';
import { fieldProblem } from './field-problem.ts';

/**
 * What is wrong with a license that somebody is about to sign: its form, or a name that the list of SPDX does not have. Readers
 * do not look names up, so that a manifest stays what it is when the list grows.
 */
export async function licenseToSign(text: string): Promise<string | undefined> {
  const malformed = fieldProblem('license', text);
  if (malformed !== undefined) return malformed;
  const { licenseNames } = await import('./license-names.ts');
  for (const name of text.match(/[^\s()]+/g) ?? []) {
    const plain = name.replace(/\+$/, '');
    if (/^(?:AND|OR|WITH)$|LicenseRef-/.test(plain) || licenseNames.has(plain) || /exception/i.test(plain))
      continue;
    const near = nearest(plain, [...licenseNames]);
    return `"${escapeText(plain)}" is not in the list of SPDX${near ? `; did you mean ${near}?` : ''}\n  help: the names are on https://spdx.org/licenses; for terms of your own write LicenseRef-NAME`;
  }
  return undefined;
}

/** For a license on the command line. What its form tells is a problem of the manifest, and is shown with it. */
export async function refuseUnknownLicense(text: string | undefined): Promise<void> {
  if (text === undefined || fieldProblem('license', text) !== undefined) return;
  const [message, hint] = (await licenseToSign(text))?.split('\n  help: ') ?? [];
  if (message !== undefined) throw new Misuse(`--license: ${message}`, hint);
}

/** What datasets have most, for a prompt. */
export const usualLicenses = ['CC-BY-4.0', 'CC0-1.0', 'CC-BY-SA-4.0', 'ODbL-1.0'] as const;
