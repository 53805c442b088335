import { type ActionEvent, type ActionResult, runAction } from '../../packages/testkit/src/index.ts';
import { dim, quote, tell } from './stage.ts';

const bundle = (name: string) => new URL(`../../actions/${name}/dist/index.cjs`, import.meta.url).pathname;

export interface ActionCall {
  readonly eventName: string;
  readonly event: ActionEvent;
  readonly cwd: string;
  readonly inputs?: Readonly<Record<string, string>>;
}

/** Runs the committed bundle of an action in a process of its own, as GitHub's runner does, and shows its log. */
export async function action(name: string, call: ActionCall): Promise<ActionResult> {
  const result = await runAction(bundle(name), call);
  tell(dim(`${name} on ${call.eventName}:`));
  quote(result.visible);
  const places = result.annotations.filter(({ level, file }) => level === 'error' && file !== undefined);
  if (places.length > 0) {
    const lines = [...new Set(places.map(({ line }) => line))].join(', ');
    tell(`On the pull request GitHub shows each at its place, on line ${lines} of the file.`);
  }
  return result;
}
