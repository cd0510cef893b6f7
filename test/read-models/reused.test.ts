/** An act with a reused id counts nothing, in whichever read model: a failure says the file and the line to look at. */
import type { StoredEvent } from '../../src/log/event-log.js';
import { PROJECTIONS } from '../../src/read-models/read-store.js';
import { everyTypeOfAct, reusedFaults } from '../support/reused-acts.js';

let events: readonly StoredEvent[];

beforeAll(async () => {
  events = await everyTypeOfAct();
});

test.each(PROJECTIONS.map((projection) => [projection.name, projection] as const))('%s', (_, projection) => {
  expect(reusedFaults(projection, events)).toEqual([]);
});
