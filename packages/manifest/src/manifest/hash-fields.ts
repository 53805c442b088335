import { ruledField, textField } from '../json/field-rule.ts';
import { cidPattern, cidProblem } from './cid.ts';

export const cidField = (description: string) => ruledField(cidProblem, { pattern: cidPattern, description });

export const sha256Field = (description: string) =>
  textField({
    pattern: '^[0-9a-f]{64}$',
    max: 64,
    expected: '64 lower-case hexadecimal digits',
    description,
  });
