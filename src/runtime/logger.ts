/** Nest's log lines as JSON on stderr, through pino; no message content, only what happened. */
import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';

/** Of lines that nobody reads, as from a pipe that is full: what is beyond is dropped. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** One for the process: its lines follow each other. */
const destination = pino.destination({ dest: 2, sync: false, maxLength: MAX_UNREAD_BYTES });
let dropped = 0;
destination.on('drop', () => (dropped += 1));

/** Lines that were dropped since the start, as nobody read those before them. */
export function droppedLines(): number {
  return dropped;
}

export class PinoLogger implements LoggerService {
  readonly #pino = pino({ level: process.env['LOG_LEVEL'] ?? 'warn' }, destination);

  /** Of a request that was answered; what it said and by whom is not in it. */
  answered(request: Readonly<Record<string, unknown>>): void {
    this.#pino.info(request, 'answered');
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#pino.info({ context: rest.at(-1) }, String(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.#pino.error({ context: rest.at(-1) }, String(message));
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.#pino.warn({ context: rest.at(-1) }, String(message));
  }
}
