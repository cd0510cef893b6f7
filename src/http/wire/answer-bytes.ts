/** How large answers are, without their heads. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Readable } from 'node:stream';

/** Notes what is sent; to be called before the first route. Gives what asks it of an answer that has ended. */
export function answerBytes(fastify: FastifyInstance): (reply: FastifyReply) => number {
  const streamed = new WeakMap<FastifyReply, number>();
  const written = ({ request }: FastifyReply): number => request.raw.socket.bytesWritten;
  fastify.addHook('onSend', async (_request, reply, payload) => {
    // What a stream will have is not known when it begins.
    if (payload instanceof Readable) streamed.set(reply, written(reply));
    return payload;
  });
  return (reply) => {
    const begun = streamed.get(reply);
    if (begun !== undefined) return Math.max(0, written(reply) - begun);
    return reply.request.method === 'HEAD' ? 0 : Number(reply.getHeader('content-length') ?? 0);
  };
}
