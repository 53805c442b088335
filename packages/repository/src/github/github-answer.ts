import { RepositoryError } from '../objects/error.ts';
import { isObjectId } from '../objects/object-id.ts';

export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unexpected('a list');
  return value;
}

export function objectId(value: unknown): string {
  if (typeof value !== 'string' || !isObjectId(value)) throw unexpected('an object id');
  return value;
}

export function unexpected(what: string): RepositoryError {
  return new RepositoryError('api-failed', `GitHub's answer for ${what} does not match its documentation`);
}
