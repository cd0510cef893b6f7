/** A list by pages: what it takes, and where its next page is. */
import type { FastifyReply } from 'fastify';
import { IsInt, Max, Min } from 'class-validator';
import { DEFAULT_LIMIT, LIST_LIMIT } from '../../read-models/lists.js';
import { Parameter, refusedAs, wholeNumber } from './parameter.js';

/** Of a list whose limit is none. */
export const OUT_OF_RANGE = refusedAs('limit is out of range.', { code: 'bad-parameter', hint: `Give a limit from 1 to ${LIST_LIMIT}.` });

export class PageParameters {
  @Parameter({ description: 'the next of the page before' })
  readonly after?: string;

  @Parameter({ type: 'integer', description: `1 to ${LIST_LIMIT}, default ${DEFAULT_LIMIT}` }, wholeNumber(4))
  @IsInt(OUT_OF_RANGE)
  @Min(1, OUT_OF_RANGE)
  @Max(LIST_LIMIT, OUT_OF_RANGE)
  readonly limit: number = DEFAULT_LIMIT;
}

/** On the answer of every list. */
export const NEXT_LINK = { name: 'Link', description: 'rel="next": the page behind this one; absent on the last' };

/** As `linkNext`, of a list whose last page has no next one. */
export function withNext<T extends { readonly next: string | null }>(reply: FastifyReply, page: T): T {
  if (page.next !== null) linkNext(reply, page.next);
  return page;
}

/** Says in the header `Link` where the page behind this one is (RFC 8288), with the filters it was asked with. */
export function linkNext(reply: FastifyReply, next: string): void {
  const [path = '', query = ''] = reply.request.url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('after', next);
  void reply.header(NEXT_LINK.name, `<${path}?${parameters.toString()}>; rel="next"`);
}
