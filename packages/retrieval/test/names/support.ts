export { generateKey } from '@holdfast/manifest';
export { startKubo } from '@holdfast/testkit';
export { tempFolder } from '../../../content/test/support/temp-folder.ts';
export { createNames, createRecord, type NameNode, nameOf } from '../../src/index.ts';
export { folderNameStore } from '../../src/node.ts';
