/**
 * Answers of a replica that may be behind: each says so in `Stale`, the object that tables have as `stale`, and is kept
 * by nobody. A table says it of its figures too, and sooner.
 */
import type { FastifyReply, FastifyRequest, onSendAsyncHookHandler } from 'fastify';
import type { Freshness } from '../read-models/freshness.js';
import type { Stale } from '../read-models/staleness.js';

/** Addresses whose answers are made of the ledger, or of what a caller may there. */
const OF_THE_LEDGER = /^\/v1\//;

/** A hook of Fastify: while this replica is cut off from the log every read says so. */
export function sayStale(freshness: Pick<Freshness, 'stale'>): onSendAsyncHookHandler {
  return async (request: FastifyRequest, reply: FastifyReply, payload) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && OF_THE_LEDGER.test(request.url) && !reply.hasHeader('stale')) answerStale(reply, freshness.stale);
    return Promise.resolve(payload);
  };
}

/** Marks an answer; null = it is not stale. */
export function answerStale(reply: FastifyReply, stale: Stale | null): void {
  if (stale !== null) void reply.header('stale', JSON.stringify(stale)).header('cache-control', 'no-store');
}
