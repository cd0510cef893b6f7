/** A table as it is answered: in the representation asked for, with a tag, and not at all to who has it already. */
import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { GetTable } from '../../tables/handlers.js';
import { KnownTables } from '../../tables/known-tables.js';
import { csvOf } from '../../tables/representations/csv.js';
import { jsonStatOf } from '../../tables/representations/json-stat.js';
import type { Table, TableQuestion } from '../../tables/table.js';
import { askerOf, type Asker } from '../access/caller.js';
import { answerStale } from '../stale-answers.js';
import { CACHE_CONTROL, checkedEachTime, keptForEver } from './caching.js';
import { codingOf } from './codings.js';
import { ETAG, hasIt, notModified, strongTag, weakTag } from './entity-tags.js';
import { contentType, TABLE_FORMATS } from './representations.js';

export type TableFormat = keyof typeof TABLE_FORMATS;

export interface Represented {
  readonly format: TableFormat;
  /** Of CSV: for spreadsheets. */
  readonly bom: boolean;
}

/** On the answer of a table. */
export const FORM_LINK = { name: 'Link', description: 'rel="describedby": the form it is in' };

@Injectable()
export class TableAnswers {
  constructor(
    private readonly queries: QueryBus,
    @Inject(KnownTables) private readonly known: KnownTables,
  ) {}

  /** What is to be sent, undefined where nothing is; its headers are set. Errors: as of a table. */
  async answer(question: TableQuestion, as: Represented, reply: FastifyReply): Promise<string | undefined> {
    const { request } = reply;
    const tagged = (digest: string): string => tagOf(digest, as, codingOf(request));
    const kept = keptHow(askerOf(request), question);
    const known = request.headers['if-none-match'] === undefined ? null : await this.known.unchanged(question);
    if (known !== null && hasIt(request, tagged(known))) {
      void reply.header(ETAG, tagged(known)).header(CACHE_CONTROL, kept);
      notModified(reply);
      return undefined;
    }
    const at = this.known.standpoint();
    const table = await this.queries.execute(new GetTable(question));
    const tag = tagged(this.known.remember(question, table, at));
    void reply.header(CACHE_CONTROL, kept).header(FORM_LINK.name, `</v1/forms/${table.form}>; rel="describedby"`);
    answerStale(reply, table.stale);
    if (table.stale === null) {
      void reply.header(ETAG, tag);
      if (hasIt(request, tag)) {
        notModified(reply);
        return undefined;
      }
    }
    void reply.header('content-type', contentType(TABLE_FORMATS[as.format]));
    return bodyOf(table, as);
  }
}

function bodyOf(table: Table, { format, bom }: Represented): string {
  switch (format) {
    case 'json':
      return JSON.stringify(table);
    case 'csv':
      return csvOf(table, { bom });
    case 'json-stat':
      return JSON.stringify(jsonStatOf(table));
  }
}

/** Strong over CSV, which says nothing of the moment it was asked; JSON says `asOf`, which moves with every event. */
function tagOf(digest: string, { format, bom }: Represented, coding: string): string {
  return format === 'csv' ? strongTag(digest, format, String(bom), coding) : weakTag(digest, format, coding);
}

/** A published table under its hash is that one for ever; one as of a moment is for who asked. */
function keptHow(asker: Asker, { hash, asOf }: TableQuestion): string {
  if (asOf !== undefined) return 'private, no-cache';
  return hash === undefined ? checkedEachTime(asker) : keptForEver(asker);
}
