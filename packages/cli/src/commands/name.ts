import { defineCommand } from '../frame/command.ts';
import { actionOf } from '../frame/word-action.ts';
import { checkedOperands, type NameAction } from '../names/name-command.ts';
import { dnslinkAction } from '../names/name-dnslink.ts';
import { nameFlags } from '../names/name-flags.ts';
import { keyAction } from '../names/name-key-action.ts';
import { publishAction } from '../names/name-publish.ts';
import { resolveAction } from '../names/name-resolve.ts';
import { statusAction } from '../names/name-status.ts';

const actions: Readonly<Record<string, NameAction>> = {
  key: keyAction,
  publish: publishAction,
  resolve: resolveAction,
  status: statusAction,
  dnslink: dnslinkAction,
};

export const name = defineCommand({
  operands: 'key|publish|resolve|status|dnslink [DATASET]',
  arity: [1, 1_001],
  flags: nameFlags,
  about:
    'A name (k51…) is an address that follows the latest version of a dataset. The policy says which name a dataset has. publish makes it point to the latest version of the last commit that verifies; its key is in the keys folder, or in HOLDFAST_NAME_KEY.',
  examples: [
    { about: 'a key, and what to add to the policy', command: 'holdfast name key tides' },
    {
      about: 'publish over three nodes; two must take it',
      command:
        'holdfast name publish tides --router http://127.0.0.1:8080 --router http://10.0.0.2:8080 --router http://10.0.0.3:8080',
    },
    { about: 'where it points now', command: 'holdfast name resolve tides' },
    { about: 'every name of the policy, for cron', command: 'holdfast name status --quiet' },
    { about: 'a domain for it', command: 'holdfast name dnslink tides tides.example.org' },
  ],
  resume: 'run the same command again: publishing twice does no harm',
  async run({ operands: [word = '', ...rest], flags }, tools) {
    const action = actionOf('name', actions, word);
    return action.run(checkedOperands(word, action, rest), flags, tools);
  },
});
