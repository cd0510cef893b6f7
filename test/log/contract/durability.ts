/**
 * Contract: an append that was acknowledged survives kill -9 of the process that made it. What a machine that loses
 * power keeps is the store's promise (a flush to disk before the answer) and cannot be tried here.
 */
import type { LogTests } from '../../support/log-bench.js';
import { everything, expectSound, ids, newEvents } from '../../support/log-events.js';
import { runUntilKilled } from '../../support/kill-writer.js';
import { budget } from '../../support/budget.js';

const ROUNDS = budget(2, 5);

export const durability: LogTests = {
  'keeps every acknowledged append over kill -9': async (bench) => {
    // Keeps every acknowledged append of a process killed with -9, none twice, none in part.
    await bench.log.append('before', 'no-stream', newEvents(1));
    await bench.close();
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      acknowledged.push(
        ...(await runUntilKilled(bench.target, { afterAcks: 20 + Math.floor(Math.random() * 60), andMs: Math.random() * 30 })),
      );
    }
    const log = await bench.reopen();
    const stored = await everything(log);
    expectSound(stored);
    const there = new Set(ids(stored));
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(ROUNDS * 20);

    // Each event says of how many its append was: all of them are there, next to each other in their stream.
    const calls = new Map<string, { of: number; revisions: number[] }>();
    for (const { data, revision } of stored.filter((event) => event.stream !== 'before')) {
      const { call, of } = data as { call: string; of: number };
      calls.set(call, { of, revisions: [...(calls.get(call)?.revisions ?? []), revision] });
    }
    const parts = [...calls.values()].filter(
      ({ of, revisions }) => revisions.length !== of || (revisions.at(-1) ?? 0) - (revisions[0] ?? 0) !== of - 1,
    );
    expect(parts).toEqual([]);

    expect((await log.append('before', 0, newEvents(1))).revision).toBe(1);
  },
};
