/** The events behind a cell as they are answered: many of them piece by piece, so that none holds up the others. */
import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { setImmediate } from 'node:timers/promises';
import { FindBehindCell, NameEvents } from '../../tables/handlers.js';
import type { CellQuestion, Explanation, Unnamed } from '../../tables/table.js';
import type { Asker } from '../access/caller.js';
import { READERS } from '../access/needs.js';
import { streamed } from '../access/streamed.js';
import { ETAG, weakTag } from './entity-tags.js';

/** Events named at once: a millisecond. */
const PIECE = 100;
/** As many events are one body, with its length. */
const WHOLE = 5 * PIECE;
const JSON_TYPE = 'application/json; charset=utf-8';

@Injectable()
export class ExplanationAnswers {
  constructor(private readonly queries: QueryBus) {}

  /** Errors: as of `ExplainCell`; behind the first piece an answer that fails is cut off. */
  async send(question: CellQuestion, asker: Asker, reply: FastifyReply): Promise<void> {
    const found = await this.queries.execute(new FindBehindCell(question));
    void reply.header('content-type', JSON_TYPE);
    if (found.shares.length <= WHOLE) return void (await reply.send(await this.#whole(found)));
    await reply.header(ETAG, await this.#tagOf(found)).send(streamed(asker, READERS, this.#pieces(found)));
  }

  async #whole(found: Unnamed): Promise<string> {
    let text = '';
    for await (const piece of this.#pieces(found)) text += piece;
    return text;
  }

  /** The events of a ledger never change: a few of them say which ledger it is. */
  async #tagOf({ shares, ...said }: Unnamed): Promise<string> {
    const some = [...shares.slice(0, 1), ...shares.slice(-1)];
    return weakTag(JSON.stringify(said), JSON.stringify(shares), JSON.stringify(await this.queries.execute(new NameEvents(some))));
  }

  /** The text of an explanation, its members in their order. */
  async *#pieces({ cell, value, shares, of }: Unnamed): AsyncGenerator<string> {
    const begin = JSON.stringify({ cell, value, events: [] } satisfies Explanation).slice(0, -2);
    yield begin;
    for (let from = 0; from < shares.length; from += PIECE) {
      const events = await this.queries.execute(new NameEvents(shares.slice(from, from + PIECE)));
      yield (from === 0 ? '' : ',') + JSON.stringify(events).slice(1, -1);
      // Others are answered between two pieces.
      await setImmediate();
    }
    yield of === undefined ? ']}' : `],"of":${JSON.stringify(of)}}`;
  }
}
