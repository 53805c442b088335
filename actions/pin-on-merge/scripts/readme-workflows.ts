// `node readme-workflows.ts`: writes this repository's own workflows into the README, between `<!-- workflow NAME -->` and
// `<!-- end -->`, as others would copy them: with this action by its version in place of its path.
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The README with its workflows as they are in `.github/workflows` now. */
export function withWorkflows(readme: string, version: string, workflow: (name: string) => string): string {
  return readme.replace(/(<!-- workflow ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g, (_, start, name, end) => {
    const copied = workflow(name).replaceAll(
      /uses: \.\/actions\/([\w-]+)/g,
      (__, action) => `uses: holdfast-data/holdfast/actions/${action}@v${version}`,
    );
    return `${start}\`\`\`yaml\n${copied}\`\`\`\n${end}`;
  });
}

export function currentReadme(readme: string): string {
  const { version } = JSON.parse(read('actions/pin-on-merge/package.json')) as { version: string };
  return withWorkflows(readme, version, (name) => read(`.github/workflows/${name}.yml`));
}

if (process.argv[1] === import.meta.filename) {
  const path = new URL('actions/pin-on-merge/README.md', root);
  writeFileSync(path, currentReadme(readFileSync(path, 'utf8')));
}
