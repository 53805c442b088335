import fc from 'fast-check';

/**
 * Any code point, for `fc.string({ unit: codePoint })`; more often than by chance one of those whose order in UTF-16 is not that
 * in UTF-8. fast-check's own unit `binary` takes a second to set up.
 */
export const codePoint = fc
  .oneof(
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0xffff }),
    fc.integer({ min: 0x10000, max: 0x10ffff }),
  )
  .map((value) => String.fromCodePoint(value));
