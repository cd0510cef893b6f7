/**
 * Answers of 1 KiB and more are compressed for who takes it (@fastify/compress). Streams stay streams; what is pushed
 * line by line (text/event-stream) is sent as it comes.
 */
import compress from '@fastify/compress';
import acceptNegotiator from '@fastify/accept-negotiator';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const THRESHOLD = 1024;
/** In the order in which they are preferred. */
const CODINGS = ['br', 'gzip', 'identity'];
const TEXTS = /^text\/(?!event-stream)|json(;|$)/;

/** To be called before the first route. */
export async function compressAnswers(fastify: FastifyInstance): Promise<void> {
  await fastify.register(compress, {
    globalDecompression: false,
    threshold: THRESHOLD,
    encodings: ['br', 'gzip', 'identity'],
    customTypes: TEXTS,
  });
}

/** How a body of some length will be coded: a strong tag of it names the coding. */
export function codingOf({ headers }: FastifyRequest): string {
  const asked = headers['accept-encoding'];
  return acceptNegotiator.negotiate(typeof asked === 'string' ? asked.toLowerCase() : '', CODINGS) ?? 'identity';
}
