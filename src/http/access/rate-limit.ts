/**
 * How often one caller may ask, where callers are identified. Counted by @fastify/rate-limit in windows of a second, in
 * this process: several replicas each count their own.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { frameworkProblem, ProblemException } from '../problem-details.filter.js';
import { callerOf } from '../../recording/sender.js';
import { askerOf } from './caller.js';

const SECOND_MS = 1000;
/** Callers whose counts are kept at the same time; behind these the one that was silent longest is forgotten. */
const CALLERS = 10_000;

/** `rate`: requests a second and caller; 0 = any number. To be called behind the hook that identifies callers. */
export async function limitRate(fastify: FastifyInstance, rate: number): Promise<void> {
  if (rate === 0) return;
  await fastify.register(rateLimit, {
    // Counted in a hook of its own, which comes before permissions: who may nothing is counted too.
    global: false,
    max: rate,
    timeWindow: SECOND_MS,
    cache: CALLERS,
    keyGenerator: keyOf,
    // Without a caller there is nobody to count: health, and what is public.
    allowList: (request) => callerOf(askerOf(request).sender) === null,
    errorResponseBuilder: () => new ProblemException(frameworkProblem(429)),
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false, 'retry-after': true },
  });
  fastify.addHook('onRequest', fastify.rateLimit());
}

/** Who asks, as one text: an issuer and its name for the caller, whatever token it came with. */
export function keyOf(request: FastifyRequest): string {
  return JSON.stringify(callerOf(askerOf(request).sender));
}
