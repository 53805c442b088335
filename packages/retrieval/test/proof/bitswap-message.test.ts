import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAnswer, encodeWants } from '../../src/node/bitswap/bitswap-message.ts';
import { MessageFrames } from '../../src/node/bitswap/message-frames.ts';
import { dialable } from '../../src/node/bitswap/peer-address.ts';
import { blocksMessage, lackMessage } from './hostile-peer.ts';

const bytes = fc.uint8Array({ maxLength: 400 });

describe('a message of bitswap', () => {
  it('asks for a block, or to be told that there is none, as the specification writes it', () => {
    const cid = Uint8Array.of(1, 0x55, 0x12, 2, 7, 8);
    expect(Buffer.from(encodeWants([{ cid }])).toString('hex')).toBe(
      // length; wantlist { entry { block, priority 1, sendDontHave } }
      '100a0e' + '0a0c' + '0a06015512020708' + '1001' + '2801',
    );
    expect(Buffer.from(encodeWants([{ cid, cancel: true }])).toString('hex')).toBe(
      '100a0e' + '0a0c' + '0a06015512020708' + '1001' + '1801',
    );
  });

  it('gives its blocks and what is not there, whatever else is in it', () => {
    fc.assert(
      fc.property(
        fc.array(bytes, { maxLength: 5 }),
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        (blocks, cid) => {
          const frames = new MessageFrames();
          const [message] = [...frames.add(blocksMessage(...blocks))];
          const found = message === undefined ? [] : decodeAnswer(message).blocks;
          expect(found.map((each) => [...each])).toEqual(blocks.map((each) => [...each]));
          const [lack] = [...new MessageFrames().add(lackMessage(cid))];
          expect(decodeAnswer(lack as Uint8Array).lacks).toEqual([cid]);
        },
      ),
    );
  });

  it('of any bytes is read, or refused as none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
        try {
          decodeAnswer(message);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('comes in parts of any size', () => {
    fc.assert(
      fc.property(
        fc.array(bytes, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 50 }),
        (blocks, step) => {
          const stream = Buffer.concat(blocks.map((block) => blocksMessage(block)));
          const frames = new MessageFrames();
          const found: Uint8Array[] = [];
          for (let at = 0; at < stream.length; at += step)
            for (const message of frames.add(stream.subarray(at, at + step)))
              found.push(...decodeAnswer(message).blocks);
          expect(found.map((each) => [...each])).toEqual(blocks.map((each) => [...each]));
        },
      ),
    );
  });

  it.each([
    ['is larger than nodes send', Uint8Array.of(0x81, 0x80, 0x80, 0x02)],
    ['has a length that does not end', new Uint8Array(9).fill(0x80)],
    ['has a length beyond 2^53', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127)],
  ])('that %s is refused before anything is kept', (_, head) => {
    expect(() => [...new MessageFrames().add(head)]).toThrow(RangeError);
  });
});

describe('the addresses that are dialled', () => {
  const id = '12D3KooWA7wZEcYTCBpSjBsCGbtNzyFgzVLVKAnDEtDMXKHzBwbk';

  it('are those over TCP that lead to the peer itself, the farthest first', () => {
    const given = [
      '/ip4/127.0.0.1/tcp/4001',
      '/ip4/10.0.0.7/tcp/4001',
      `/ip4/203.0.113.5/tcp/4001/p2p/${id}`,
      '/ip4/203.0.113.5/tcp/4001',
      '/ip6/::1/tcp/4001',
      '/ip6/2001:db8::1/tcp/4001',
      '/dns4/node.example.org/tcp/4001',
      '/ip4/203.0.113.5/udp/4001/quic-v1',
      '/ip4/203.0.113.5/tcp/4002/ws',
      '/ip4/203.0.113.5/tcp/4001/p2p/12D3KooWSomebodyElse',
      `/ip4/203.0.113.9/tcp/4001/p2p/12D3KooWRelay/p2p-circuit/p2p/${id}`,
      'nonsense',
    ];
    expect(dialable(id, given)).toEqual(
      [
        '/ip4/203.0.113.5/tcp/4001',
        '/ip6/2001:db8::1/tcp/4001',
        '/dns4/node.example.org/tcp/4001',
        '/ip4/10.0.0.7/tcp/4001',
        '/ip4/127.0.0.1/tcp/4001',
        '/ip6/::1/tcp/4001',
      ].map((address) => `${address}/p2p/${id}`),
    );
  });
});
