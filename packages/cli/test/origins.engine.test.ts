import { startKubo } from '@holdfast/testkit';
import { expect, it } from 'vitest';
import { originAnswers } from '../src/content/origin-answers.ts';
import { sandbox } from './support/holdfast.ts';
import { createArgs, expectOk, git, initialized } from './support/repository.ts';
import { webServer } from './support/web-server.ts';

const signal = new AbortController().signal;

it('check tells an origin where a node answers from one where none does', { timeout: 120_000 }, async () => {
  await using kubo = await startKubo();
  const [node] = kubo.nodes;
  await using page = await webServer((_, answer) => answer.end('no node'));
  const peer = node.id;
  const closed = `/ip4/127.0.0.1/tcp/1/p2p/${peer}`;
  const web = `/ip4/127.0.0.1/tcp/${new URL(page.url).port}/p2p/${peer}`;
  const quic = `/ip4/127.0.0.1/udp/4001/quic-v1/p2p/${peer}`;
  expect(await originAnswers([node.address, closed, web, quic], { signal })).toEqual({
    answered: [node.address],
    silent: [closed, web],
  });

  await using box = await sandbox();
  await initialized(box);
  await box.write({ 'data/a.csv': 'a\n' });
  for (const [branch, origin, said] of [
    ['one', node.address, `; a node answers at its origin ${node.address}`],
    ['two', closed, `; no node answers at its origin ${closed}`],
  ] as const) {
    await git(box, 'switch', '-q', '-c', branch, 'main');
    await expectOk(box, [...createArgs(), '--origin', origin, '--force']);
    await expectOk(box, ['sign', 'tides']);
    await git(box, 'add', 'manifests');
    await git(box, 'commit', '-q', '-m', `Add tides from ${branch}`);
    const { code, stdout } = await box.run(['check']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(said) });
  }
});
