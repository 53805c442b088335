import { Runner } from '@holdfast/action-kit';

/** A runner that takes everything and says nothing. */
export function standInRunner(environment: Readonly<Record<string, string>>): Runner {
  return new Runner({
    environment,
    write: () => {},
    append: () => {},
    read: () => '{}',
    random: () => 'random',
  });
}
