/** What every answer 503 says: when to ask again. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { saidOn } from '../description/said-headers.js';

/** Whole seconds: an answer waits as long for the read models before it gives up. */
export const RETRY_AFTER_S = 5;

/** Beside 503 on 429, where the rate limit sets it (access/rate-limit.ts). */
export const RETRY_AFTER = saidOn('Retry-After', 'seconds after which to ask again', ({ status }) => status === 503 || status === 429);

/** Hook before an answer is sent, whoever made it: a problem, a receipt, readiness. */
export async function sayWhenToRetry(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (reply.statusCode === 503 && !reply.hasHeader(RETRY_AFTER)) void reply.header(RETRY_AFTER, String(RETRY_AFTER_S));
}
