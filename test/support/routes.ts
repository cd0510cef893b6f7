/** The addresses of a running service, as Fastify was given them. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';

export interface Route {
  readonly method: string;
  /** With `:name` and `*` for what is filled in. */
  readonly url: string;
}

/** Starts something and gives with it every route of the first Fastify that was made meanwhile. */
export async function withRoutes<T>(start: () => Promise<T>): Promise<{ readonly started: T; readonly routes: readonly Route[] }> {
  const routes: Route[] = [];
  let watched: FastifyInstance | null = null;
  const made = (found: unknown): void => {
    if (watched !== null) return;
    watched = (found as { fastify: FastifyInstance }).fastify;
    watched.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) routes.push({ method: one, url });
    });
  };
  subscribe('fastify.initialization', made);
  try {
    return { started: await start(), routes };
  } finally {
    unsubscribe('fastify.initialization', made);
  }
}
