/** What every answer 503 says: when to ask again. */
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whole seconds: an answer waits as long for the read models before it gives up. */
export const RETRY_AFTER_S = 5;

/** Hook before an answer is sent, whoever made it: a problem, a receipt, readiness. */
export async function sayWhenToRetry(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (reply.statusCode === 503 && !reply.hasHeader('retry-after')) void reply.header('retry-after', String(RETRY_AFTER_S));
}
