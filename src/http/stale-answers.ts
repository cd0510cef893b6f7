/**
 * Answers of a replica that may be behind: each says so in `Stale`, the object that tables have as `stale`, and is kept
 * by nobody. A table says it of its figures too, and sooner.
 */
import type { FastifyReply, FastifyRequest, onSendAsyncHookHandler } from 'fastify';
import { isRead, saidOn } from './description/said-headers.js';
import { CACHE_CONTROL } from './serving/caching.js';
import type { Freshness } from '../read-models/freshness.js';
import type { Stale } from '../read-models/staleness.js';

/** Addresses whose answers are made of the ledger, or of what a caller may there. */
const OF_THE_LEDGER = /^\/v1\//;

const STALE = saidOn('Stale', 'JSON, as `stale` of a table; absent where the answer is not behind', isRead);

/** A hook of Fastify: while this replica is cut off from the log every read says so. */
export function sayStale(freshness: Pick<Freshness, 'stale'>): onSendAsyncHookHandler {
  return async (request: FastifyRequest, reply: FastifyReply, payload) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (reads && OF_THE_LEDGER.test(request.url) && !reply.hasHeader(STALE)) answerStale(reply, freshness.stale);
    return Promise.resolve(payload);
  };
}

/** Marks an answer; null = it is not stale. */
export function answerStale(reply: FastifyReply, stale: Stale | null): void {
  if (stale !== null) void reply.header(STALE, JSON.stringify(stale)).header(CACHE_CONTROL, 'no-store');
}
