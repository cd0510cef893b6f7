/** The events behind a cell as they are answered: many of them piece by piece, so that none holds up the others. */
import type { FastifyReply } from 'fastify';
import { namedInPieces } from '../../read-models/journal/explained-event.js';
import { explanationOf, type Behind, type Explanation } from '../../tables/table.js';
import type { Asker } from '../access/caller.js';
import { READERS } from '../access/needs.js';
import { streamed } from '../access/streamed.js';
import { ETAG, weakTag } from './entity-tags.js';
import { JSON_ANSWER } from './representations.js';

/** As many events are one body, with its length. */
const WHOLE = 500;

/** Errors: of the log; behind the first piece an answer that fails is cut off. */
export async function sendExplanation(found: Behind, asker: Asker, reply: FastifyReply): Promise<void> {
  void reply.header('content-type', JSON_ANSWER);
  if (found.shares.length > WHOLE) await reply.header(ETAG, tagOf(found)).send(streamed(asker, READERS, textOf(found)));
  else await reply.send(JSON.stringify(await explanationOf(found)));
}

/** The events of a ledger never change, and the last one says which ledger it is. */
function tagOf({ shares, named, ...said }: Behind): string {
  return weakTag(JSON.stringify(said), JSON.stringify(shares), JSON.stringify(named(shares.slice(-1))));
}

/** The text of an explanation, its members in their order. */
async function* textOf({ cell, value, of, ...unnamed }: Behind): AsyncGenerator<string> {
  yield JSON.stringify({ cell, value, events: [] } satisfies Explanation).slice(0, -2);
  let joint = '';
  for await (const events of namedInPieces(unnamed)) {
    yield joint + JSON.stringify(events).slice(1, -1);
    joint = ',';
  }
  yield of === undefined ? ']}' : `],"of":${JSON.stringify(of)}}`;
}
