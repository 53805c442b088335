import { escapeText } from '@holdfast/manifest/text';
import { type Alert, webhook } from '@holdfast/watch';
import type { Tools } from '../frame/command.ts';
import { Misuse } from '../frame/misuse.ts';
import { variable } from '../frame/variable.ts';
import { webAddress } from '../frame/web-address.ts';
import { runAlertCommand } from './alert-command.ts';

const secretName = 'HOLDFAST_WEBHOOK_SECRET';
const limitMs = 60_000;

/** Tells whoever asked to be told. A receiver that fails is noted, and ends no round. */
export function alerting(
  command: string | undefined,
  url: string | undefined,
  tools: Tools,
): (alert: Alert) => Promise<void> {
  const hook = url === undefined ? undefined : webhookTo(url, tools);
  return async (alert) => {
    tools.note(escapeText(alert.data.text));
    const faults = await Promise.all([
      command === undefined ? undefined : runAlertCommand(command, alert, tools.env),
      hook?.send(alert, AbortSignal.any([tools.signal, AbortSignal.timeout(limitMs)])).then(
        () => undefined,
        (error: Error) => error.message,
      ),
    ]);
    for (const [index, fault] of faults.entries()) {
      if (fault !== undefined)
        tools.note(`warning: ${index === 0 ? '--on-incident' : '--webhook'}: ${escapeText(fault)}`);
    }
  };
}

function webhookTo(url: string, tools: Tools) {
  const example = 'https://alerts.example.org/holdfast';
  webAddress('--webhook', url, example, `the secret of a webhook belongs into ${secretName}`);
  const secret = variable(secretName, tools);
  if (secret === undefined)
    throw new Misuse(
      `--webhook needs a secret to sign with, and ${secretName} is not set`,
      `export ${secretName}=whsec_… as the receiver shows it, or make one: openssl rand -base64 24`,
    );
  return webhook(url, { secret });
}
