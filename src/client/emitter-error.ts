/** What the emitter throws. Programs branch on the code, never on the text. */

/**
 * - `bad-message`: no such message can be sent: a field of the envelope is missing, or the data cannot be written.
 * - `too-large`: the message has more than 256 KiB.
 * - `outbox-full`: the outbox holds as much as it may, and `whenFull` is `reject`.
 * - `outbox-unwritable`: the message is not on the disk, such as a full one. `cause` says why.
 * - `outbox-held`: another process has the outbox open.
 * - `outbox-lost`: another process took the outbox over while this one stood still.
 * - `outbox-damaged`: what was durable in the outbox reads otherwise now. Nothing is sent or thrown away.
 * - `closed`: the emitter is closed, or closing.
 */
export type EmitterErrorCode =
  'bad-message' | 'too-large' | 'outbox-full' | 'outbox-unwritable' | 'outbox-held' | 'outbox-lost' | 'outbox-damaged' | 'closed';

export class EmitterError extends Error {
  override readonly name = 'EmitterError';

  constructor(
    readonly code: EmitterErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}
