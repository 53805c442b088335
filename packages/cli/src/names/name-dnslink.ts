import { escapeText } from '@holdfast/manifest/text';
import { exitCode } from '../frame/exit-code.ts';
import { Misuse } from '../frame/misuse.ts';
import { committedNames, nameOfDataset } from './committed-names.ts';
import type { NameAction } from './name-command.ts';

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i;

/** Writes out the DNS record that makes a domain point to the name. It never changes afterwards: the name does. */
export const dnslinkAction: NameAction = {
  operands: 'DATASET DOMAIN',
  arity: [2, 2],
  async run([dataset = '', domain = ''], flags, tools) {
    const bare = domain.replace(/\.$/, '').replace(/^_dnslink\./, '');
    if (bare.length > 240 || !bare.includes('.') || !bare.split('.').every((part) => label.test(part)))
      throw new Misuse(
        `name dnslink expects a domain such as tides.example.org, got "${escapeText(domain)}"`,
        'a domain with other letters is written in its xn-- form',
      );
    const { name } = nameOfDataset(await committedNames(flags, tools), dataset);
    const record = {
      host: `_dnslink.${bare.toLowerCase()}`,
      type: 'TXT',
      ttl: 300,
      value: `dnslink=/ipns/${name}`,
    };
    const line = `${record.host}. ${record.ttl} IN TXT "${record.value}"`;
    return {
      exitCode: exitCode.ok,
      result: { action: 'dnslink', dataset, name, record },
      quiet: line,
      text: (paint) =>
        [
          line,
          paint.dim(`add it to the zone of ${bare}; dig +short TXT ${record.host} shows when it is there`),
        ].join('\n'),
    };
  },
};
