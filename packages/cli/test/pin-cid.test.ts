import { describe, expect, it } from 'vitest';
import { sandbox } from './support/holdfast.ts';
import { expectOk, initialized, signedTides } from './support/repository.ts';

const none = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
const local = ['--local', 'copies'];

describe('holdfast pin CID', { tags: ['slow'] }, () => {
  it('keeps content that no manifest names, with the copies of a tier, until its end', async () => {
    await using box = await sandbox();
    await initialized(box);
    const manifest = await signedTides(box, { tier: 'ephemeral' });
    await expectOk(box, ['publish', 'data', '--manifest', manifest, ...local]);
    const [cid = ''] = (await box.run(['cid', 'data', '--quiet'])).stdout.trim().split(/\s/);
    const named = ['--tier', 'ephemeral', '--name', 'nightly', '--expires', '2100-01-01T00:00:00Z'];
    const pinned = await box.json(['pin', `ipfs://${cid}`, ...named, ...local]);
    expect(pinned.document).toMatchObject({
      exitCode: 0,
      result: { owner: 'github.com/acme/tides', results: [{ cid, name: 'nightly', step: 'pin', copies: 1 }] },
    });
    const again = await box.json(['pin', cid, ...named, ...local]);
    expect(again.document).toMatchObject({ result: { results: [{ step: 'keep' }] } });
    // The dataset of the same content has a claim of its own beside it.
    expect((await box.json(['pin', manifest, ...local])).document).toMatchObject({
      result: { satisfied: 1, results: [{ ids: expect.arrayContaining(['tides@1.0.0']) }] },
    });
  });

  it('says what is missing, and what belongs to manifests', async () => {
    await using box = await sandbox();
    await initialized(box);
    const said = async (...args: string[]) => {
      const { code, stderr } = await box.run(['pin', ...args, ...local]);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await said(none)).toContain('a CID needs --tier');
    expect(await said(none, 'manifests/a.json', '--tier', 'standard')).toContain('either manifests or CIDs');
    expect(await said('manifests/a.json', '--tier', 'standard')).toContain('--tier is for CIDs');
    expect(await said(none, none.replace('z', 'y'), '--tier', 'standard', '--name', 'x')).toContain(
      'for one CID',
    );
    expect(await said(none, '--tier', 'standard', '--expires', 'soon')).toContain('--expires expects a time');
  });
});
