/**
 * The body of a request as bytes: in UTF-8, as it is or packed with gzip, bounded before and after unpacking. What it
 * claims to be in another charset or coding is refused unread, since it would be recorded as other words than were
 * sent.
 */
import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { headerValues } from './headers.js';
import type { HeldRequest } from './traffic.js';
import { ProblemException } from '../problem-details.filter.js';
import { problem } from '../problem.js';

export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Media type without parameters, in lower case; null where there is none. */
export function mediaTypeOf(contentType: string | undefined): string | null {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return type === '' ? null : type;
}

/** The body of a request, at most 16 MiB. Throws the problem to answer with; the rest is not read then. */
export async function readBody(request: FastifyRequest, payload: Readable): Promise<Buffer> {
  requireUtf8(headerValues(request.raw, 'content-type'));
  const packed = isGzip(headerValues(request.raw, 'content-encoding'));
  if (Number(request.headers['content-length']) > MAX_BODY_BYTES) throw tooLarge();
  const body = new Bounded(request.held);
  try {
    await (packed ? unpack(payload, body) : take(payload, body));
    return body.bytes();
  } catch (error) {
    if (error instanceof ProblemException) throw error;
    // The connection ended before the body did: there is nobody to hear it.
    throw new ProblemException(problem(400, 'bad-request', 'The body did not come to its end.', 'Send the request again.'));
  }
}

function requireUtf8(contentTypes: readonly string[]): void {
  // Of two content types a reader takes the first or the last.
  if (contentTypes.length > 1) throw unsupported('There are two content types.', 'Send one Content-Type.');
  const charsets = charsetsOf(contentTypes[0] ?? '');
  if (charsets === null) throw unsupported('The parameters of the content type cannot be read.', 'Write it like charset=utf-8.');
  if (charsets.some((charset) => !/^utf-?8$/i.test(charset)))
    throw unsupported('The body is in another charset than UTF-8.', 'Send JSON in UTF-8.');
}

const PARAMETER = /\s*(?:([!#$%&'*+.^_`|~\w-]+)=([!#$%&'*+.^_`|~\w-]+|"(?:[^"\\]|\\.)*")\s*)?(?:;|$)/y;

/** Values of every `charset` parameter; null where the parameters are none (RFC 9110, section 5.6.6). */
function charsetsOf(contentType: string): string[] | null {
  const charsets: string[] = [];
  const start = contentType.indexOf(';');
  PARAMETER.lastIndex = start < 0 ? contentType.length : start + 1;
  while (PARAMETER.lastIndex < contentType.length) {
    const match = PARAMETER.exec(contentType);
    if (match === null) return null;
    const [, name, value = ''] = match;
    if (name?.toLowerCase() === 'charset') charsets.push(value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value);
  }
  return charsets;
}

function isGzip(codings: readonly string[]): boolean {
  const coding = codings.join(',').trim().toLowerCase();
  if (coding === '' || coding === 'identity') return false;
  if (coding === 'gzip') return true;
  throw unsupported('The body has a content coding that is not read.', 'Send it as it is, or packed with gzip once.');
}

async function take(payload: Readable, body: Bounded): Promise<void> {
  // The connection stays open for the answer, whatever is left to read.
  for await (const chunk of payload.iterator({ destroyOnReturn: false })) body.add(chunk as Buffer);
}

/**
 * Unpacked as it comes: a bomb is noticed when 16 MiB are out of it, and goes no further. Members behind each other are
 * one body.
 */
async function unpack(payload: Readable, body: Bounded): Promise<void> {
  const gunzip = createGunzip();
  let packedBytes = 0;
  const packed = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of payload.iterator({ destroyOnReturn: false })) {
      packedBytes += (chunk as Buffer).length;
      if (packedBytes > MAX_BODY_BYTES) throw tooLarge();
      yield chunk as Buffer;
    }
  };
  try {
    await pipeline(packed, gunzip, async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) body.add(chunk);
    });
  } catch (error) {
    if (error instanceof ProblemException || !isZlibError(error)) throw error;
    throw brokenGzip();
  }
  // Zeros behind the last member are passed over by zlib.
  if (gunzip.bytesWritten !== packedBytes) throw brokenGzip();
}

function isZlibError(error: unknown): boolean {
  return String((error as { code?: unknown } | null)?.code).startsWith('Z_');
}

class Bounded {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(private readonly held: HeldRequest | undefined) {}

  add(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > MAX_BODY_BYTES) throw tooLarge();
    this.held?.keep(chunk.length);
    this.#chunks.push(chunk);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks, this.#size);
  }
}

function tooLarge(): ProblemException {
  return new ProblemException(
    problem(413, 'too-large', 'The body is larger than 16 MiB, as sent or unpacked.', 'Send fewer messages at once.'),
  );
}

function brokenGzip(): ProblemException {
  return new ProblemException(
    problem(
      400,
      'malformed',
      'The body is no whole gzip: damaged, cut off, or with something behind it.',
      'Pack the body with gzip and send all of it, nothing else.',
    ),
  );
}

export function unsupported(detail: string, hint: string): ProblemException {
  return new ProblemException(problem(415, 'unsupported-media-type', detail, hint));
}
