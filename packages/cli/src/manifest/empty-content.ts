import type { createDataset } from '@holdfast/manifest';

export type Content = Parameters<typeof createDataset>[0];

/** Stands for the content until that is hashed, which may take hours: a wrong license is found before. */
export const emptyFile: Content = {
  cid: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
  profile: 'unixfs-v1-2025',
  files: [
    {
      path: 'data',
      size: 0,
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      cid: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
    },
  ],
  totalSize: 0,
};
