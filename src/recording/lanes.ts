/**
 * Lanes keep messages that concern each other in the order they came, and let all others run side by side. A message
 * writes its own case and its own id, and reads the agency and the cases it refers to: writers of a name wait for
 * everything before them, readers for the writers before them.
 */
interface Lane {
  lastWrite: Promise<unknown>;
  readonly reads: Set<Promise<unknown>>;
}

export class Lanes {
  readonly #lanes = new Map<string, Lane>();

  /**
   * Runs `task` when its turn has come in every lane. Never deadlocks: places in all lanes are taken at once, in order
   * of arrival.
   */
  run<T>(writes: readonly string[], reads: readonly string[], task: () => Promise<T>): Promise<T> {
    const before: Promise<unknown>[] = [];
    for (const name of writes) {
      const lane = this.#lane(name);
      before.push(lane.lastWrite, ...lane.reads);
    }
    for (const name of reads) before.push(this.#lane(name).lastWrite);
    const turn = Promise.all(before).then(task);
    const settled = turn.then(noop, noop);
    for (const name of writes) {
      const lane = this.#lane(name);
      lane.lastWrite = settled;
      lane.reads.clear();
    }
    for (const name of reads) if (!writes.includes(name)) this.#lane(name).reads.add(settled);
    void settled.then(() => this.#leave(writes, reads, settled));
    return turn;
  }

  #lane(name: string): Lane {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = { lastWrite: DONE, reads: new Set() };
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  #leave(writes: readonly string[], reads: readonly string[], settled: Promise<unknown>): void {
    for (const name of [...writes, ...reads]) {
      const lane = this.#lanes.get(name);
      if (lane === undefined) continue;
      lane.reads.delete(settled);
      if (lane.lastWrite === settled) lane.lastWrite = DONE;
      if (lane.lastWrite === DONE && lane.reads.size === 0) this.#lanes.delete(name);
    }
  }
}

const noop = (): void => undefined;
const DONE: Promise<unknown> = Promise.resolve();
