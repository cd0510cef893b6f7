/**
 * Who asks, in the words of the pages: src/main.ts hands it to them, as one edge does not import the other. Each page
 * is asked for with the rights that the same question has under /v1.
 */
import type { FastifyRequest } from 'fastify';
import type { Permission } from '../../domain/agency/acts.js';
import { agencyOfEvent } from '../../read-models/journal/event-place.js';
import type { ReadStore } from '../../read-models/read-store.js';
import { UUID } from '../../signing/proof-reader.js';
import { askerOf, holds, officerIn, type Asker } from './caller.js';
import { refusalSight } from './refusal-sight.js';
import type { AskedFor, Revealing } from './revealing.js';

export interface VisitorParts {
  readonly store: Pick<ReadStore, 'db'>;
  readonly revealing: Pick<Revealing, 'reveal'>;
}

/** What it must give the pages say in their door.ts; src/main.ts holds both together. */
export function visitorOf(request: Pick<FastifyRequest, 'asker'>, { store, revealing }: VisitorParts) {
  const asker = askerOf(request);
  return {
    identified: asker.identity,
    operator: asker.sender.operator === true,
    holds: (agency: string, permissions: readonly Permission[]) => holds(asker, agency, permissions),
    officerIn: (agency: string) => officerIn(asker, agency),
    refusals: () => refusalSight(asker),
    seesProof: (eventId: string) => seesProof(asker, eventId, store),
    reveal: (asked: AskedFor) => revealing.reveal(asked, asker.sender),
  };
}

/**
 * Whether the asker is told anything of the event: of one of an agency it does not audit not that it is there either.
 * What is of no agency is for who audits the whole ledger.
 */
export function seesProof(asker: Asker, eventId: string, { db }: Pick<ReadStore, 'db'>): boolean {
  if (!asker.identity) return true;
  const agency = UUID.test(eventId) ? agencyOfEvent(db, eventId) : undefined;
  return agency === undefined ? asker.rights?.whole === true : holds(asker, agency, ['audit']);
}
