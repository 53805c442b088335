import type { TestRepository } from '../../packages/testkit/src/index.ts';

/** Half a year of made-up tide gauges: three files that are small and not all alike. */
export function tideGauges(): Record<string, string> {
  const readings = (station: string, phase: number) => {
    const lines = ['hour,station,level_cm'];
    for (let hour = 0; hour < 24 * 182; hour++) {
      const level = 210 + 180 * Math.sin((2 * Math.PI * hour) / 12.42 + phase);
      lines.push(`${hour},${station},${level.toFixed(1)}`);
    }
    return `${lines.join('\n')}\n`;
  };
  return {
    'README.md': '# North Sea tides\n\nHourly levels of two gauges, computed for the demonstration.\n',
    'gauges/cuxhaven.csv': readings('cuxhaven', 0),
    'gauges/den-helder.csv': readings('den-helder', 1.3),
  };
}

/** Who may sign, and how many copies of a standard dataset the repository wants. */
export const policyFor = (copies: number) => ({
  policy: {
    version: 1,
    signers: { alice: { keys: ['alice.pub'] } },
    rules: [
      {
        manifests: ['manifests/**'],
        signers: ['alice'],
        threshold: 1,
        tiers: ['standard'],
        maxTotalSize: '10GB',
      },
    ],
    tiers: { standard: { min: copies, max: copies } },
  },
  signatures: [],
});

/** The event that GitHub sends for a pull request, and the commit it checks out. */
export async function openPullRequest(repository: TestRepository, branch: string, number: number) {
  const pull = await repository.pullRequest(branch, { number });
  const checkout = await repository.shallowClone(1, `refs/pull/${number}/merge`);
  const repo = { full_name: owner, default_branch: 'main' };
  const event = {
    action: 'opened',
    number,
    repository: repo,
    pull_request: {
      number,
      merge_commit_sha: pull.merge,
      head: { ref: branch, sha: pull.head, repo },
      base: { ref: 'main', sha: pull.base, repo },
    },
  };
  return { event, checkout };
}

export const owner = 'north-sea/datasets';
export const manifest = 'manifests/north-sea-tides-v1.0.0.json';
