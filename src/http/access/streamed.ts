/** Answers given piece by piece: each ends when the asker may no longer have it. */
import { Readable } from 'node:stream';
import type { Permission } from '../../domain/agency/acts.js';
import type { Asker } from './caller.js';

/**
 * The pieces as a stream that rests on these permissions. When one of them ends, or the token does, the answer is cut
 * off without its last chunk: what came is not taken for the whole. One piece is held at a time.
 */
export function streamed({ standing }: Asker, permissions: readonly Permission[], pieces: AsyncIterable<string | Uint8Array>): Readable {
  if (standing === null) return Readable.from(pieces, { highWaterMark: 1 });
  const { signal, stop } = standing.watch(permissions);
  return Readable.from(pieces, { highWaterMark: 1, signal }).once('close', stop);
}
