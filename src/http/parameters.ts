/** Parameters behind the `?` of an address: each route says which it takes; a route that says nothing takes none. */
import { applyDecorators } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { QueryProblem } from '../read-models/query-problem.js';
import { ApiParam, ApiQuery } from './description/describe.js';
import { parametersOf, type ParameterOf, type Question } from './dto/parameter.js';
import { withRouteConfig } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Names of the parameters that the route takes. */
    readonly parameters?: readonly string[];
  }
}

/**
 * Declares what a route takes behind the `?`, for whoever reads /openapi.json and for `refuseParameters`: what its
 * class does not say is not taken.
 */
export function Takes(question: Question): MethodDecorator {
  const parameters = parametersOf(question) ?? [];
  return applyDecorators(
    withRouteConfig({ parameters: parameters.map(({ name }) => name) }),
    ...parameters.map((parameter) => ApiQuery({ required: false, ...described(parameter) })),
  );
}

/** Describes the parts of an address that are open. */
export function At(path: Question): ClassDecorator & MethodDecorator {
  return applyDecorators(...(parametersOf(path) ?? []).map((part) => ApiParam(described(part))));
}

function described({ name, description: { enum: values, type = 'string', ...description } }: ParameterOf): {
  readonly name: string;
  readonly type: string;
  readonly enum?: string[];
} {
  return { name, type, ...description, ...(values === undefined ? {} : { enum: [...values] }) };
}

/** Of a parameter that a client may believe in: leaving it out would do what was not meant. */
const HINTS: ReadonlyMap<string, string> = new Map([
  ['dryRun', 'Of the addresses only POST /v1/events has a dry run. Nothing was decided or recorded of this request.'],
]);

/**
 * Throws `bad-parameter` for a parameter that the route does not take, and for one that is given twice or empty: a
 * misspelt one must not silently answer another question, or record what was only to be tried. A page takes an empty
 * one as not given: a browser sends the fields of a form that nobody filled in too.
 */
export function refuseParameters({ query, raw, routeOptions }: FastifyRequest): void {
  const { parameters: known = [], page } = routeOptions.config;
  for (const [name, value] of Object.entries(query as Readonly<Record<string, unknown>>)) {
    if (!known.includes(name))
      throw bad(
        `There is no parameter ${name}.`,
        HINTS.get(name) ?? (known.length === 0 ? 'This address takes none.' : `Parameters are ${known.join(', ')}.`),
      );
    if (typeof value !== 'string' || (value === '' && page !== true))
      throw bad(`${name} is given twice or empty.`, 'Give each parameter once.');
  }
  if (!isEscaped(raw.url ?? '')) throw bad('The parameters are not percent-encoded UTF-8.', 'Encode each value in UTF-8.');
}

/** The parser leaves an escape that is none as it stands, and the question would be about that text. */
function isEscaped(url: string): boolean {
  const start = url.indexOf('?');
  if (start < 0) return true;
  try {
    decodeURIComponent(url.slice(start));
    return true;
  } catch {
    return false;
  }
}

function bad(detail: string, hint: string): QueryProblem {
  return new QueryProblem('bad-parameter', detail, hint);
}
