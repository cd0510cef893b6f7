/** Tags of answers (RFC 9110, section 8.8.3), and the answer to who has one already. */
import fresh from 'fresh';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest, onSendAsyncHookHandler } from 'fastify';
import { askerOf } from '../access/caller.js';
import { isRead, saidOn } from '../description/said-headers.js';
import { CACHE_CONTROL, checkedEachTime } from './caching.js';

const READS = /^\/v1\//;

/** Of what may be kept. */
export const ETAG = saidOn(
  'ETag',
  'for If-None-Match; absent where the answer may not be kept',
  (answer) => isRead(answer) && [200, 304].includes(answer.status),
);

/** `parts`: everything the answer depends on. */
export function weakTag(...parts: readonly (string | Buffer)[]): string {
  return `W/${strongTag(...parts)}`;
}

export function strongTag(...parts: readonly (string | Buffer)[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part).update('\n');
  return `"${digest.digest('base64url').slice(0, 32)}"`;
}

/** Whether who asks says that he has the answer of this tag. */
export function hasIt({ headers }: FastifyRequest, tag: string): boolean {
  const asked = headers['if-none-match'];
  // A request that wants no answer from a cache says so to caches: the tag was named all the same.
  return asked !== undefined && fresh({ 'if-none-match': asked }, { etag: tag });
}

/**
 * A hook of Fastify: a read without a tag gets a weak one of its body, and is not sent again to who has it. What comes
 * piece by piece has the tag that it was given, or none; what may be kept by nobody has none.
 */
export const tagBodies: onSendAsyncHookHandler = async (request, reply, payload) => {
  const { method, url } = request;
  const reads = (method === 'GET' || method === 'HEAD') && READS.test(url) && reply.statusCode === 200;
  if (!reads) return payload;
  if (isKeptByNobody(reply)) {
    reply.removeHeader(ETAG);
    return payload;
  }
  if (!reply.hasHeader(CACHE_CONTROL)) void reply.header(CACHE_CONTROL, checkedEachTime(askerOf(request)));
  const isWhole = typeof payload === 'string' || Buffer.isBuffer(payload);
  if (!reply.hasHeader(ETAG) && isWhole) void reply.header(ETAG, weakTag(String(reply.getHeader('content-type')), payload));
  if (!reply.hasHeader(ETAG) || !hasIt(request, String(reply.getHeader(ETAG)))) return payload;
  if (payload instanceof Readable) payload.destroy();
  return notModified(reply);
};

/** 304 has the headers of the answer, and no body. */
export function notModified(reply: FastifyReply): null {
  void reply.status(304).removeHeader('content-type').removeHeader('content-length');
  return null;
}

function isKeptByNobody(reply: FastifyReply): boolean {
  return String(reply.getHeader(CACHE_CONTROL) ?? '').includes('no-store');
}
