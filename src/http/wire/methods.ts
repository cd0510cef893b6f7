/**
 * The methods of each address, as the router has them: GET with HEAD beside it, OPTIONS everywhere, and 405 with
 * `Allow` for any other. Nothing here lists an address or a method.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import type { Need } from '../access/needs.js';
import { frameworkProblem, ProblemException } from '../problem-details.filter.js';

/** Notes the routes while they are added; to be called before the first. */
export function methodsOf(fastify: FastifyInstance): { readonly completed: () => void } {
  const taken = new Map<string, Set<string>>();
  const reads = new Map<string, Need | undefined>();
  fastify.addHook('onRoute', ({ url, config, method }) => {
    if (method === 'GET') reads.set(url, config?.needs);
    const parameters = taken.get(url) ?? new Set();
    for (const name of config?.parameters ?? []) parameters.add(name);
    taken.set(url, parameters);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    done(request.is404 ? notThere(fastify, request, reply) : undefined);
  });
  fastify.addHook('onSend', withoutBody);
  return {
    /**
     * Adds OPTIONS to every address; to be called behind the last route. What another method of the address takes,
     * OPTIONS takes too.
     */
    completed: () => {
      for (const [url, parameters] of [...taken])
        fastify.options(
          url,
          { config: { parameters: [...parameters], needs: 'somebody', reads: reads.get(url) } },
          async (request, reply) => reply.status(204).header('allow', allowed(fastify, request)).send(),
        );
    },
  };
}

/** The problem of an address without the method that was asked for: 405 where there is another, else 404. */
function notThere(fastify: FastifyInstance, request: FastifyRequest, reply: FastifyReply): ProblemException {
  const methods = allowed(fastify, request);
  if (methods === '') return new ProblemException(frameworkProblem(404));
  void reply.header('allow', methods);
  return new ProblemException(frameworkProblem(405));
}

function allowed(fastify: FastifyInstance, { url }: FastifyRequest): string {
  return fastify.supportedMethods.filter((method) => fastify.findRoute({ method, url }) !== null).join(', ');
}

/** A stream that was asked for with HEAD is not read to its end for nothing: it may be the whole log. */
async function withoutBody({ method }: FastifyRequest, _reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (method !== 'HEAD' || !(payload instanceof Readable)) return payload;
  payload.destroy();
  return Readable.from([]);
}
