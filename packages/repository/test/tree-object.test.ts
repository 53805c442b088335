import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommit, parseTree } from '../src/objects/tree-object.ts';

const id = 'a'.repeat(40);
const entry = (mode: string, name: string | Buffer, target = 'b'.repeat(40)) =>
  Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name), Buffer.from([0]), Buffer.from(target, 'hex')]);

describe('a tree object', () => {
  it('gives mode, name and id of each entry', () => {
    const bytes = Buffer.concat([
      entry('100644', 'a b'),
      entry('40000', 'dir'),
      entry('160000', 'sub'),
      entry('120000', 'é'),
    ]);
    expect(parseTree(id, bytes)).toEqual([
      { mode: '100644', name: 'a b', id: 'b'.repeat(40) },
      { mode: '040000', name: 'dir', id: 'b'.repeat(40) },
      { mode: '160000', name: 'sub', id: 'b'.repeat(40) },
      { mode: '120000', name: 'é', id: 'b'.repeat(40) },
    ]);
  });

  it.each(['.', '..', '.git', '.GIT', 'a/b'])('marks the name %s as odd', (name) => {
    expect(parseTree(id, entry('100644', name))).toMatchObject([{ odd: true }]);
  });

  it('marks a name that is not UTF-8, and shows its bytes', () => {
    expect(parseTree(id, entry('100644', Buffer.from([0x61, 0xff])))).toMatchObject([
      { name: 'a\\xff', odd: true },
    ]);
  });

  it.each([
    ['a name twice', Buffer.concat([entry('100644', 'a'), entry('100644', 'a')])],
    ['an unknown mode', entry('777', 'a')],
    ['half an id', entry('100644', 'a').subarray(0, -1)],
    ['no end of the name', Buffer.from('100644 abc')],
  ])('refuses %s', (_, bytes) => {
    expect(() => parseTree(id, bytes)).toThrow(/expected git's object format/);
  });

  it('ends on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          return parseTree(id, Buffer.from(bytes)).length < 200;
        } catch (error) {
          return (error as { code?: string }).code === 'object-malformed';
        }
      }),
    );
  });
});

describe('a commit object', () => {
  it('gives its tree and parents, and nothing that its message says', () => {
    const text = `tree ${'1'.repeat(40)}\nparent ${'2'.repeat(40)}\nauthor A <a> 0 +0\n\nparent ${'3'.repeat(40)}\n`;
    expect(parseCommit(id, Buffer.from(text))).toEqual({
      id,
      tree: '1'.repeat(40),
      parents: ['2'.repeat(40)],
    });
  });

  it('is refused without a tree', () => {
    expect(() => parseCommit(id, Buffer.from('author A\n\n'))).toThrow(/commit/);
  });
});
