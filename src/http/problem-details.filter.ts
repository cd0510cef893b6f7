/** Every error leaves as a problem document with a stable code; none shows a stack. */
import { Catch, HttpException, Inject, Logger, Optional, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { StoreUnavailable } from '../log/event-log.js';
import { LedgerBusy, QueryProblem } from '../read-models/query-problem.js';
import { ReadStore } from '../read-models/read-store.js';
import { asReadDamage } from '../read-models/read-damage.js';
import { problem, PROBLEM_JSON, QUERY_STATUS, type Problem } from './problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What it was answered with, where that was a problem. */
    problem?: Problem;
  }
}

export class ProblemException extends Error {
  override readonly name = 'ProblemException';
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  readonly #logger = new Logger('http');

  /** `store` null where nothing is answered from it. */
  constructor(@Optional() @Inject(ReadStore) private readonly store: ReadStore | null = null) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const found = toProblem(this.store === null ? error : asReadDamage(this.store, error));
    if (found.status === 500) this.#logger.error(error instanceof Error ? error.stack : String(error));
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    reply.request.problem = found;
    void reply.status(found.status).header('content-type', PROBLEM_JSON).send(JSON.stringify(found));
  }
}

/** Statuses that Node, Fastify and Nest answer by themselves. */
export const FRAMEWORK = {
  400: ['bad-request', 'The request cannot be read.', 'See /openapi.json for what is expected.'],
  404: ['not-found', 'There is nothing at this address.', 'See /openapi.json for the addresses.'],
  405: ['method-not-allowed', 'This address does not take that method.', 'Allow says which it takes.'],
  406: ['not-acceptable', 'There is no such representation of it.', 'Leave Accept and format out, or see /openapi.json.'],
  408: ['timeout', 'The request did not come to its end in time.', 'Send it again, in one go.'],
  413: ['too-large', 'The body is larger than 16 MiB.', 'Send fewer messages at once.'],
  415: [
    'unsupported-media-type',
    'The body is none of the accepted media types.',
    'Send application/cloudevents+json, application/cloudevents-batch+json or application/x-ndjson; application/json with ce-* headers (binary mode).',
  ],
  417: ['bad-request', 'Of expectations only 100-continue can be met.', 'Leave the Expect header out.'],
  429: ['too-many-requests', 'The caller asks more often than it may.', 'Wait as long as Retry-After says, then send it again.'],
  431: ['bad-request', 'The head of the request is larger than 16 KiB.', 'Send shorter or fewer headers, and a shorter address.'],
  503: ['overloaded', 'The service holds as many requests as it may.', 'Wait as long as Retry-After says, then send it again.'],
} as const satisfies Readonly<Record<number, readonly [code: string, detail: string, hint: string]>>;

export type FrameworkStatus = keyof typeof FRAMEWORK;

function isFrameworkStatus(status: number): status is FrameworkStatus {
  return Object.hasOwn(FRAMEWORK, status);
}

/** The problem of a request that no route has answered. A status that has no code of its own is 400. */
export function frameworkProblem(status: number): Problem {
  const known = isFrameworkStatus(status) ? status : 400;
  const [code, detail, hint] = FRAMEWORK[known];
  return problem(known, code, detail, hint);
}

export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemException) return error.problem;
  if (error instanceof QueryProblem) return problem(QUERY_STATUS[error.code], error.code, error.message, error.hint);
  if (error instanceof StoreUnavailable || error instanceof LedgerBusy)
    return problem(503, 'store-unavailable', error.message, 'Try again later.');
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) return frameworkProblem(status);
  return problem(500, 'internal', 'Something went wrong on our side; it was logged.', 'Try again later.');
}
