/** Nest's log lines as JSON on stderr, through pino; no message content, only what happened. */
import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';

export class PinoLogger implements LoggerService {
  readonly #pino = pino({ level: process.env['LOG_LEVEL'] ?? 'warn' }, pino.destination(2));

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
