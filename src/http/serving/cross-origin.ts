/**
 * What everybody is given without a token may be read by pages of every origin, and nothing else may (Fetch, "CORS
 * protocol"). Three headers by hand: @fastify/cors answers a preflight itself, without `Allow`, and makes an address of
 * every path.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { saidOn } from '../description/said-headers.js';

/** Addresses that pages read; health is for what runs the service. */
const FOR_PAGES = /^\/(v1\/|openapi\.json)/;

const ALLOW_ORIGIN = saidOn('Access-Control-Allow-Origin', '`*` where the answer is public');
const EXPOSE = saidOn('Access-Control-Expose-Headers', 'headers that pages of other origins read, where the answer is public');
const EXPOSED = 'ETag, Link, Stale, X-Request-Id';
/** Beyond those that every page may send. A token is not among them: an answer to one is not public. */
const TAKEN = 'If-None-Match, X-Request-Id';
const A_DAY_S = 86_400;

/** Of an answer that is public. */
export function allowEveryOrigin({ method, url }: FastifyRequest, reply: FastifyReply): void {
  if (!FOR_PAGES.test(url)) return;
  void reply.header(ALLOW_ORIGIN, '*').header(EXPOSE, EXPOSED);
  if (method !== 'OPTIONS') return;
  void reply.header('access-control-allow-methods', 'GET, HEAD').header('access-control-allow-headers', TAKEN);
  void reply.header('access-control-max-age', String(A_DAY_S));
}
