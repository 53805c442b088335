import type { RolloutReport } from '@holdfast/pinning';

/** What a picture of a rollout is made of; a plan has no state yet. */
export interface PicturedPhase
  extends Pick<RolloutReport['phases'][number], 'phase' | 'places'>,
    Partial<Pick<RolloutReport['phases'][number], 'state' | 'passed' | 'failed'>> {}

const classes = {
  done: 'done',
  paused: 'held',
  held: 'held',
  unfinished: 'held',
  'rolled-back': 'bad',
  waiting: 'open',
} as const;

/** A rollout as a Mermaid flowchart: what it goes through, and where it stands. The name moves last. */
export function rolloutMermaid(phases: readonly PicturedPhase[], isDone: boolean): string {
  const boxes = phases.map(({ phase, places, state, passed = 0, failed = 0 }, index) => {
    const counts = [
      ...(passed > 0 ? [`${passed} through`] : []),
      ...(failed > 0 ? [`${failed} taken back`] : []),
    ];
    const lines = [
      `<b>${safe(phase)}</b>`,
      places.map(safe).join(', '),
      ...(counts.length > 0 ? [counts.join(', ')] : []),
    ];
    return `  p${index}["${lines.join('<br>')}"]:::${classes[state ?? 'waiting']}`;
  });
  const arrows = phases.map((_, index) => (index === 0 ? 'p0' : ` --> p${index}`)).join('');
  return [
    'flowchart LR',
    ...boxes,
    `  name(["names move"]):::${isDone ? 'done' : 'open'}`,
    `  ${arrows} --> name`,
    '  classDef done fill:#d1f0d9,stroke:#1a7f37,color:#0b3d1a',
    '  classDef bad fill:#ffd9d6,stroke:#cf222e,color:#5c0a12',
    '  classDef held fill:#fff1c2,stroke:#9a6700,color:#4a3200',
    '  classDef open fill:none,stroke-dasharray:4',
  ].join('\n');
}

/** Names come from files: nothing in them may be read as markup. */
function safe(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} ._/@:-]/gu, '').slice(0, 60);
}
