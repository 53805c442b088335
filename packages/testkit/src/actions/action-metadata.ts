import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Metadata {
  inputs?: Record<string, { default?: unknown } | null>;
}

/** What an expression in a default may refer to, such as `github.token`. */
export type ExpressionContext = Readonly<Record<string, string>>;

/**
 * The INPUT_ variables that the runner sets: every declared input, with its default where the step gives none. An input that
 * action.yml does not declare is refused, where the runner only warns: in a test it is a slip.
 */
export function inputVariables(
  actionFile: string | undefined,
  given: Readonly<Record<string, string>>,
  context: ExpressionContext,
): Record<string, string> {
  const declared = actionFile && existsSync(actionFile) ? readInputs(actionFile, context) : undefined;
  for (const name of Object.keys(given)) {
    if (declared && !(name in declared)) {
      throw new Error(
        `input "${name}" is not in ${actionFile}, which has ${Object.keys(declared).join(', ')}`,
      );
    }
  }
  const values = { ...declared, ...given };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [inputVariable(name), value]));
}

/** As the runner does it: upper case, with only spaces replaced. */
export function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

function readInputs(file: string, context: ExpressionContext): Record<string, string> {
  const { inputs = {} } = parse(readFileSync(file, 'utf8')) as Metadata;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, evaluate(String(input?.default ?? ''), context)]),
  );
}

function evaluate(text: string, context: ExpressionContext): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const value = context[expression];
    if (value !== undefined) return value;
    throw new Error(`cannot evaluate \${{ ${expression} }}; known are ${Object.keys(context).join(', ')}`);
  });
}
