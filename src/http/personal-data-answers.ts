/** Answers that may hold personal data are kept by nobody on the way, and not by the browser that asked. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { withRouteConfig } from './route-config.js';
import { CACHE_CONTROL } from './serving/caching.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether answers at this address may hold personal data, errors too: every route says it. */
    personalData?: boolean;
  }
}

/**
 * Of a route whose answers may hold what is sealed in the log, was stored in clear before texts were sealed, or says
 * who asked for it.
 */
export const HoldsPersonalData = (): MethodDecorator => withRouteConfig({ personalData: true });

/** Of a route whose answers hold figures, dates, numbers of cases, digests, and what the program says of itself. */
export const HoldsNoPersonalData = (): MethodDecorator => withRouteConfig({ personalData: false });

/** A hook of Fastify: of a marked route every answer is `no-store`, also of a body that cannot be read. */
export async function keepNoPersonalData(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.routeOptions.config.personalData === true) void reply.header(CACHE_CONTROL, 'no-store');
  return Promise.resolve();
}
