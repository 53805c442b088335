/** A command that an action has written to its log, as GitHub's runner reads it. */
export interface WorkflowCommand {
  name: string;
  properties: Record<string, string>;
  message: string;
}

export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  message: string;
  title?: string;
  file?: string;
  line?: number;
  endLine?: number;
  column?: number;
  endColumn?: number;
}

export interface ReadLog {
  commands: WorkflowCommand[];
  annotations: Annotation[];
  /** The values given to `add-mask`. */
  masks: string[];
  /** What a reader of the run sees: no commands, and masked values as `***`. */
  visible: string;
}

/** Reads a log line by line in the runner's way (actions/runner, ActionCommand and ActionCommandManager). */
export function readLog(text: string): ReadLog {
  const commands: WorkflowCommand[] = [];
  const masks: string[] = [];
  const visible: string[] = [];
  const mask = (line: string) => masks.reduce((out, secret) => out.replaceAll(secret, '***'), line);
  let stopToken: string | undefined;
  for (const line of text.split('\n')) {
    const command = parseCommand(line);
    if (stopToken !== undefined) {
      if (command?.name === stopToken) stopToken = undefined;
      else visible.push(mask(line));
    } else if (!command) visible.push(mask(line));
    else {
      commands.push(command);
      if (command.name === 'stop-commands') stopToken = command.message;
      if (command.name === 'add-mask' && command.message) {
        masks.push(...command.message.split(/\r?\n/).filter(Boolean));
      }
    }
  }
  return { commands, annotations: commands.flatMap(toAnnotation), masks, visible: visible.join('\n') };
}

function parseCommand(line: string): WorkflowCommand | undefined {
  const found = /^\s*::([^\s:]+)(?: ((?:(?!::).)*))?::(.*)$/s.exec(line.replace(/\r$/, ''));
  if (!found) return undefined;
  const [, name = '', list = '', message = ''] = found;
  const properties: Record<string, string> = {};
  for (const property of list.split(',')) {
    const equals = property.indexOf('=');
    if (equals > 0)
      properties[property.slice(0, equals).trim()] = unescapeProperty(property.slice(equals + 1));
  }
  return { name, properties, message: unescapeData(message) };
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}

function toAnnotation({ name, properties, message }: WorkflowCommand): Annotation[] {
  if (name !== 'error' && name !== 'warning' && name !== 'notice') return [];
  const { title, file, line, endLine, col, endColumn } = properties;
  const number = (key: string, value?: string) => (value ? { [key]: Number(value) } : {});
  return [
    {
      level: name,
      message,
      ...(title ? { title } : {}),
      ...(file ? { file } : {}),
      ...number('line', line),
      ...number('endLine', endLine),
      ...number('column', col),
      ...number('endColumn', endColumn),
    },
  ];
}
