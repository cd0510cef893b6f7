/** The routes of a running server, read from its router: nothing here names one. */
import type { FastifyInstance } from 'fastify';

export interface Route {
  readonly method: string;
  /** Pattern of the router, such as `/v1/agencies/:agency/tables/:year`. */
  readonly pattern: string;
}

const INDENT = 4;

/**
 * Reads the router's picture of itself: a tree of pieces of addresses, one a line, with the methods of those that end
 * there.
 */
export function routesOf(fastify: Pick<FastifyInstance, 'printRoutes'>): Route[] {
  const pieces: string[] = [];
  return fastify
    .printRoutes()
    .split('\n')
    .flatMap((line) => {
      const found = /^(?<indent>[│ ]*)[├└]── (?<piece>\S+)(?: \((?<methods>[A-Z, ]+)\))?$/.exec(line);
      if (found === null) return [];
      const { indent = '', piece = '', methods } = found.groups ?? {};
      pieces.splice(indent.length / INDENT, Infinity, piece);
      return methods === undefined ? [] : methods.split(', ').map((method) => ({ method, pattern: pieces.join('') }));
    });
}

/** An address that the pattern stands for, with `value` for every part that is open. */
export function addressOf({ pattern }: Route, value = '1'): string {
  return pattern.replaceAll(/:\w+|\*/g, value);
}
