import type * as z from 'zod/mini';
import { ruleOf } from './field-rule.ts';

type Check = (value: unknown) => boolean;

interface Definition {
  readonly type: string;
  readonly checks?: readonly z.core.$ZodCheck[];
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly catchall?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly keyType?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
}

/**
 * A yes-or-no check made from a zod schema: true only for what zod accepts. It builds nothing, so a sound document costs a third of what
 * zod takes. False means "ask zod", for problems and for anything this does not know.
 */
export function quickCheck(schema: z.core.$ZodType): Check {
  const definition = schema._zod.def as Definition;
  const shape = shapeCheck(definition);
  const rules = (definition.checks ?? []).map(ruleOf);
  if (shape === undefined || rules.includes(undefined)) return () => false;
  const [rule, ...others] = rules as ((value: unknown) => unknown)[];
  if (rule === undefined) return shape;
  if (others.length === 0) return (value) => shape(value) && rule(value) === undefined;
  return (value) => shape(value) && rules.every((one) => one?.(value) === undefined);
}

function shapeCheck(definition: Definition): Check | undefined {
  switch (definition.type) {
    case 'string':
      return (value) => typeof value === 'string';
    case 'number':
      return (value) => typeof value === 'number' && Number.isFinite(value);
    case 'enum':
      return oneOfCheck(Object.values(definition.entries ?? {}));
    case 'literal':
      return oneOfCheck(definition.values ?? []);
    case 'array':
      return definition.element && arrayCheck(quickCheck(definition.element));
    case 'object':
      return objectCheck(definition);
    case 'record':
      return recordCheck(definition);
    default:
      return undefined;
  }
}

function oneOfCheck(values: readonly unknown[]): Check {
  const known = new Set<unknown>(values);
  return (value) => known.has(value);
}

function arrayCheck(element: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (let i = 0; i < value.length; i++) if (!element(value[i])) return false;
    return true;
  };
}

/** Strict objects only: every member is known, so as many are found as there are. */
function objectCheck({ shape = {}, catchall }: Definition): Check | undefined {
  if (catchall?._zod.def.type !== 'never') return undefined;
  const members = Object.entries(shape).map(([key, schema]) => {
    const { type, innerType } = schema._zod.def as Definition;
    const optional = type === 'optional' && innerType !== undefined;
    return { key, optional, check: quickCheck(optional ? innerType : schema) };
  });
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    let found = 0;
    for (const { key, optional, check } of members) {
      const member = (value as Record<string, unknown>)[key];
      if (member !== undefined) {
        if (!check(member)) return false;
        found++;
      } else if (!optional) return false;
    }
    return Object.keys(value).length === found;
  };
}

function recordCheck({ keyType, valueType }: Definition): Check | undefined {
  if (keyType === undefined || valueType === undefined) return undefined;
  const [keyCheck, valueCheck] = [quickCheck(keyType), quickCheck(valueType)];
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    return Object.entries(value).every(([key, member]) => keyCheck(key) && valueCheck(member));
  };
}
