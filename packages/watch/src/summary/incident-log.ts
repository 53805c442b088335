import { applyLine, type HistoryLine, type KnownState, nothingKnown } from '../history/history-line.ts';
import type { SeenDataset, SeenPeer } from '../seen/observation.ts';
import { type Incident, incidentKey, lossText, repairText } from './incident.ts';

interface Open {
  incident: Incident;
  /** Of a dataset: how it was when copies were fewest. */
  worst?: SeenDataset;
}

/** A place is not well after so many failures in a row, a target after so many. One may be the network here. */
const failuresOf = { place: 3, target: 2 } as const;

/** What went wrong and came back, from lines in order. */
export class IncidentLog {
  readonly #known: KnownState = nothingKnown();
  readonly #open = new Map<string, Open>();
  readonly #closed: Incident[] = [];
  readonly #failures = new Map<string, number>();
  /** Peers that left the target's answers; nothing else says that they died. */
  readonly #names = new Map<string, string>();

  get known(): KnownState {
    return this.#known;
  }

  /** Oldest first. */
  get incidents(): Incident[] {
    const open = [...this.#open.values()].map(({ incident }) => incident);
    return [...this.#closed, ...open].sort((a, b) => a.openedAt - b.openedAt);
  }

  get open(): ReadonlySet<string> {
    return new Set([...this.#open.values()].map(({ incident }) => incidentKey(incident)));
  }

  add(line: HistoryLine): void {
    const at = Date.parse(line.at);
    this.#ask(line, at);
    const before = {
      datasets: new Map<string, SeenDataset | undefined>(),
      peers: new Map<string, SeenPeer | undefined>(),
    };
    const whole = line.whole === true && line.fault === undefined;
    const ids = whole
      ? new Set([...this.#known.datasets.keys(), ...Object.keys(line.datasets)])
      : Object.keys(line.datasets);
    for (const id of ids) before.datasets.set(id, this.#known.datasets.get(id));
    const peers = whole
      ? new Set([...this.#known.peers.keys(), ...Object.keys(line.peers)])
      : Object.keys(line.peers);
    for (const id of peers) before.peers.set(id, this.#known.peers.get(id));
    applyLine(this.#known, line);
    for (const [id, was] of before.peers) this.#peer(id, was, this.#known.peers.get(id), at);
    for (const [id, was] of before.datasets) this.#dataset(id, was, this.#known.datasets.get(id), at);
  }

  #ask(line: HistoryLine, at: number): void {
    this.#probe('target', line.target, line.fault === undefined, line.fault ?? '', at);
    for (const [id, place] of Object.entries(line.places))
      this.#probe('place', id, place.ok, place.fault ?? 'no answer', at);
  }

  #probe(kind: 'place' | 'target', id: string, ok: boolean, fault: string, at: number): void {
    const key = `${kind}:${id}`;
    if (ok) {
      this.#failures.delete(key);
      this.#close(key, at, 'it answers again');
      return;
    }
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    if (failures >= failuresOf[kind])
      this.#begin(key, { kind, id, openedAt: at, severity: 'lost', what: fault });
  }

  #peer(id: string, was: SeenPeer | undefined, now: SeenPeer | undefined, at: number): void {
    const name = now?.name ?? was?.name;
    if (name !== undefined) this.#names.set(id, name);
    const key = `peer:${id}`;
    if (now?.up) {
      this.#close(key, at, 'it is up again');
      return;
    }
    const what = now === undefined ? 'the target no longer lists it' : 'it is down';
    this.#begin(key, { kind: 'peer', id: name ?? id, openedAt: at, severity: 'degraded', what });
  }

  #dataset(id: string, was: SeenDataset | undefined, now: SeenDataset | undefined, at: number): void {
    const key = `dataset:${id}`;
    if (now === undefined) {
      this.#close(key, at, 'nobody asks for it any more');
      return;
    }
    const open = this.#open.get(key);
    const nameOf = (peer: string) => this.#names.get(peer) ?? peer;
    if (now.health === 'healthy') {
      this.#close(key, at, open?.worst && repairText(open.worst, now, nameOf));
      return;
    }
    const { health: severity } = now;
    if (open === undefined) {
      const what = lossText(was, now, nameOf);
      this.#begin(key, { kind: 'dataset', id, openedAt: at, severity, what }, now);
    } else if (open.worst !== undefined && now.copies < open.worst.copies) {
      open.worst = now;
      const worse = open.incident.severity === 'lost' ? 'lost' : severity;
      open.incident = { ...open.incident, severity: worse, what: lossText(was, now, nameOf) };
    }
  }

  #begin(key: string, incident: Incident, worst?: SeenDataset): void {
    if (this.#open.has(key)) return;
    this.#open.set(key, { incident, ...(worst && { worst }) });
  }

  #close(key: string, at: number, fixedBy: string | undefined): void {
    const open = this.#open.get(key);
    if (open === undefined) return;
    this.#open.delete(key);
    this.#closed.push({ ...open.incident, closedAt: at, ...(fixedBy !== undefined && { fixedBy }) });
  }
}
