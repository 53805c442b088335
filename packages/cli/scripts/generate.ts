// Writes src/repository/workflow-files.ts: the workflows of this repository as `holdfast init` gives them to others, where the
// actions are named by repository and version instead of by path.
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../../../', import.meta.url);
const names = ['validate-manifests', 'pin-on-merge', 'heal'];

const files = names.map((name) => {
  const committed = readFileSync(new URL(`.github/workflows/${name}.yml`, root), 'utf8');
  return [
    `.github/workflows/${name}.yml`,
    committed.replaceAll('uses: ./actions/', 'uses: holdfast-data/holdfast/actions/'),
  ];
});

const literals = files.map(([path = '', text = '']) => {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('`', '\\`')
    .replaceAll('${', '\\${')
    .replace(/(uses: holdfast-data\/holdfast\/actions\/[a-z-]+)/g, `$1@\${at.ref}`)
    .replace('branches: [main]', `branches: [\${at.branch}]`);
  return `  '${path}': \`${escaped}\`,\n`;
});

writeFileSync(
  new URL('../src/repository/workflow-files.ts', import.meta.url),
  `// Generated from .github/workflows by scripts/generate.ts; edit those.

/** The workflows of a repository of manifests by their paths: which release of the actions, which default branch. */
export const workflowFiles = (at: {
  readonly ref: string;
  readonly branch: string;
}): Readonly<Record<string, string>> => ({
${literals.join('')}});
`,
);
