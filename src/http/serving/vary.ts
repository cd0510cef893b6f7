/** Which headers of a request its answer depends on, for caches (RFC 9110, section 12.5.5). */
import type { FastifyInstance, onSendAsyncHookHandler } from 'fastify';
import { saidOn } from '../description/said-headers.js';

const VARY = saidOn('Vary', 'headers of the request on which the answer depends');
const ALWAYS = ['Accept', 'Accept-Encoding'];

/**
 * On every answer of a route, beside what others have said by then. To be called behind what compresses: it comes last.
 */
export function sayWhatVaries(fastify: FastifyInstance): void {
  const say: onSendAsyncHookHandler = async (_request, reply, payload) => {
    const said = [reply.getHeader(VARY) ?? []].flat().flatMap((text) => String(text).split(/\s*,\s*/));
    const more = said.filter((name) => name !== '' && !ALWAYS.some((known) => known.toLowerCase() === name.toLowerCase()));
    void reply.header(VARY, [...ALWAYS, ...new Set(more)].join(', '));
    return Promise.resolve(payload);
  };
  fastify.addHook('onRoute', (route) => {
    route.onSend = [...[route.onSend ?? []].flat(), say];
  });
}
