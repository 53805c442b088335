/** What a systemd unit starts. */
export interface Unit {
  user: string | undefined;
  group: string | undefined;
  environment: string[];
  environmentFiles: string[];
  command: string[];
}

export function parseUnit(text: string): Unit {
  const all = (key: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${key}=`))
      .map((line) => line.slice(key.length + 1));
  const command = all('ExecStart');
  if (command.length !== 1) throw new Error(`a unit has one ExecStart, this one ${command.length}`);
  return {
    user: all('User')[0],
    group: all('Group')[0],
    environment: all('Environment'),
    environmentFiles: all('EnvironmentFile'),
    command: command[0]?.split(' ') ?? [],
  };
}
