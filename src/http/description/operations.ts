/** Operations of the description: their answers by status, with every code of a problem, and who may ask. */
import type { OpenAPIObject } from '@nestjs/swagger';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';
import { readFileSync } from 'node:fs';
import { builtFile } from '../../config/package-files.js';
import { QUERIES } from '../../read-models/query-problem.js';
import { isObject, membersOf } from '../../encoding/unknown-values.js';
import type { Need } from '../access/needs.js';
import { headersOf } from './said-headers.js';
import { ANSWERED_BY, PROBLEM_STATUS, toldOf, type Answer, type ProblemCode, type Told } from './answers.js';

export type Description = OpenAPIObject;
type Schema = Readonly<Record<string, unknown>>;
type Media = Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;

/** What is changed of an operation here; whatever else it says stays. */
export type Operation = Record<string, unknown>;

/** Shapes of answers, as the build made them of their types. */
interface Shapes {
  /** Controller and method → status → schema. */
  readonly routes: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

/** Errors: those of the file system, where the program was not built as a whole. */
export function answerShapes(): Shapes {
  return JSON.parse(readFileSync(builtFile('answer-shapes.json'), 'utf8')) as Shapes;
}

/** Where an operation stands. */
export interface Address {
  /** In lower case. */
  readonly method: string;
  readonly path: string;
}

export function operationsOf({ paths }: Description): (Address & { readonly operation: Operation })[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(membersOf(methods)).flatMap(([method, operation]) => (isObject(operation) ? [{ method, path, operation }] : [])),
  );
}

/** Puts in what its route told of its answers; an operation whose route told nothing has none. */
export function withAnswers({ operation, ...address }: Address & { readonly operation: Operation }, routes: Shapes['routes']): void {
  const key = operation[ANSWERED_BY];
  delete operation[ANSWERED_BY];
  const told = toldOf(key);
  if (told === undefined) return;
  const need = needOf(told.handler);
  const responses = responsesOf(told, [...common(need), ...told.codes], routes[String(key)] ?? {});
  operation['responses'] = Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [
      status,
      { ...membersOf(response), headers: headersAt({ ...address, status }, told) },
    ]),
  );
  operation['security'] = securityOf(need);
}

function headersAt({ status, ...address }: Address & { readonly status: string }, { headers }: Told): ReturnType<typeof headersOf> {
  const own = headers.filter(({ statuses }) => statuses.includes(Number(status))).map(({ header }) => header);
  return headersOf({ ...address, status: Number(status) }, own);
}

function needOf(handler: object): Need | undefined {
  const config = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as FastifyContextConfig | undefined;
  return config?.needs;
}

/** Codes of every address, and of those that ask who calls. */
function common(need: Need | undefined): ProblemCode[] {
  const always: ProblemCode[] = [
    'bad-request',
    'bad-parameter',
    'bad-token',
    'foreign-origin',
    'wrong-host',
    'too-many-requests',
    'internal',
  ];
  return need === 'nothing' ? always : [...always, 'no-token', 'not-permitted', 'not-reached'];
}

function securityOf(need: Need | undefined): readonly Schema[] {
  if (need === 'nothing') return [];
  const isPublic = need === 'published' || (typeof need === 'object' && need.published !== undefined);
  return isPublic ? [{ bearer: [] }, {}] : [{ bearer: [] }];
}

function responsesOf({ answers }: Told, codes: readonly ProblemCode[], shapes: Readonly<Record<string, Schema>>): Schema {
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEM_STATUS[code]);
  const statuses = new Set([...answers.map(({ status }) => status), ...byStatus.keys()]);
  const responses = [...statuses]
    .sort((a, b) => a - b)
    .map((status): [string, unknown] => {
      const those = answers.filter((answer) => answer.status === status);
      const failing = (byStatus.get(status) ?? []).sort();
      const description = [...those.map((answer) => answer.description), ...failing].join(', ');
      const content: Media = Object.fromEntries(
        [...those.map((answer) => contentOf(answer, shapes)), problemOf(failing)].flatMap(Object.entries<Media[string]>),
      );
      return [String(status), { description, ...(Object.keys(content).length === 0 ? {} : { content }) }];
    });
  return Object.fromEntries(responses);
}

function contentOf({ status, shaped, also }: Answer, shapes: Readonly<Record<string, Schema>>): Media {
  const others = Object.entries(also).map(([type, description]) => [type, { schema: { type: 'string', description } }] as const);
  const schema = shapes[String(status)];
  const json: Media = shaped && schema !== undefined ? { 'application/json': { schema } } : {};
  return { ...json, ...Object.fromEntries(others) };
}

function problemOf(codes: readonly ProblemCode[]): Media {
  if (codes.length === 0) return {};
  const schema = {
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      { type: 'object', properties: { code: { type: 'string', enum: codes, description: codes.flatMap(meaningOf).join(' ') } } },
    ],
  };
  return { 'application/problem+json': { schema } };
}

const MEANINGS: Readonly<Record<string, string>> = QUERIES;

function meaningOf(code: ProblemCode): string[] {
  const meaning = MEANINGS[code];
  return meaning === undefined ? [] : [`${code}: ${meaning}`];
}
