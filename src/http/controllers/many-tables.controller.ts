/** The tables of many agencies in one answer. */
import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsIn, IsInt, IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { setImmediate } from 'node:timers/promises';
import { AgenciesFor } from '../../tables/many-tables.query.js';
import { GetTable } from '../../tables/handlers.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { CSV_HEADER, csvLines } from '../../tables/representations/csv.js';
import type { Table, TableQuestion } from '../../tables/table.js';
import { CELL_VIEWS, noView, VIEWS_HINT } from '../../tables/year-view.js';
import { readYear } from '../../time/year.js';
import { askedNow, Asking, holds, requireAny, type Asker } from '../access/caller.js';
import { Needs, READERS } from '../access/needs.js';
import { streamed } from '../access/streamed.js';
import { AnswersText, Fails, READING } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import { NO_YEAR } from '../dto/common.js';
import { Parameter, refusedAs } from '../dto/parameter.js';
import { Takes } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';
import { CACHE_CONTROL, checkedEachTime } from '../serving/caching.js';
import { contentType, formatOf, STREAM_FORMATS } from '../serving/representations.js';

export class ManyTablesParameters {
  @Parameter({ required: true, type: 'integer', example: 2017 }, (text) => readYear(text) ?? text)
  @IsInt(NO_YEAR)
  readonly year!: number;

  @Parameter({ description: 'codes with commas between them, at most 500; this or below' }, (text) => text.split(','))
  readonly agencies?: readonly string[];

  @Parameter({ description: 'this agency and every one below it on 31 December, vertical ones too' })
  readonly below?: string;

  @Parameter({ enum: CELL_VIEWS, description: 'of each table; absent = its default view' })
  @IsOptional()
  @IsIn(CELL_VIEWS, refusedAs(noView, { code: 'bad-view', hint: VIEWS_HINT }))
  readonly view?: (typeof CELL_VIEWS)[number];

  @Parameter({ enum: Object.keys(STREAM_FORMATS), description: 'goes before Accept; default ndjson' })
  readonly format?: string;
}

const LINES = {
  [STREAM_FORMATS.ndjson]: 'a table a line, or why there is none',
  [STREAM_FORMATS.csv]: 'a line for each value, under a header',
};

@ApiTags('tables')
@Controller('v1/tables')
export class ManyTablesController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Needs({ anywhere: READERS, published: 'view' })
  @HoldsNoPersonalData()
  @Takes(ManyTablesParameters)
  @ApiOperation({
    operationId: 'streamTables',
    summary: 'The tables of many agencies 多机关年度统计表',
    description:
      'A line for each agency, by code: the table as it is answered alone, or {agency, year, error: {code, message}} where it has none, which CSV leaves out. An answer that is cut short ends without its last chunk.',
  })
  @AnswersText(200, 'the tables', LINES)
  @Fails('unknown-agency', 'bad-year', 'bad-view', 'not-permitted', 'not-acceptable', ...READING)
  async tables(
    @Query() { format: named, ...asked }: ManyTablesParameters,
    @Headers('accept') accept: string | undefined,
    @Asking() asker: Asker,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const format = formatOf(STREAM_FORMATS, { format: named, accept });
    await this.readModels.started();
    const permit = (agency: string): void => {
      // What is published is shown to everybody who comes this far without a token.
      if (asker.rights !== null) requireAny(asker, agency, READERS);
    };
    const agencies = await this.queries.execute(new AgenciesFor(asked, permit));
    void reply.header('content-type', contentType(STREAM_FORMATS[format])).header(CACHE_CONTROL, checkedEachTime(asker));
    const question = { year: asked.year, ...(asked.view === undefined ? {} : { view: asked.view }) };
    const lines = this.#lines(agencies, { question, format, asker });
    await reply.send(streamed(asker, READERS, lines));
  }

  /** One table at a time is held, as fast as the client reads. */
  async *#lines(agencies: Iterable<string>, { question, format, asker }: Streaming): AsyncGenerator<string> {
    if (format === 'csv') yield CSV_HEADER;
    for (const agency of agencies) {
      if (hasEnded(asker, agency)) throw new Error(`the permission to read ${agency} ended`);
      const line = lineOf(format, await this.#table({ agency, ...question }));
      if (line !== '') yield line;
      // Others are answered between two tables.
      await setImmediate();
    }
  }

  async #table(question: TableQuestion): Promise<Table | Failed> {
    try {
      return await this.queries.execute(new GetTable(question));
    } catch (error) {
      if (!(error instanceof QueryProblem)) throw error;
      const { agency, year } = question;
      return { agency, year, error: { code: error.code, message: error.message } };
    }
  }
}

interface Streaming {
  readonly question: Omit<TableQuestion, 'agency'>;
  readonly format: keyof typeof STREAM_FORMATS;
  readonly asker: Asker;
}

/** Whether the asker, who might see the agency when the answer began, may no longer. */
function hasEnded(asker: Asker, agency: string): boolean {
  return asker.standing !== null && !holds(askedNow(asker), agency, READERS);
}

/** An agency that has no such table. */
interface Failed {
  readonly agency: string;
  readonly year: number;
  readonly error: { readonly code: string; readonly message: string };
}

function lineOf(format: keyof typeof STREAM_FORMATS, said: Table | Failed): string {
  if (format === 'ndjson') return `${JSON.stringify(said)}\n`;
  return 'error' in said ? '' : csvLines(said);
}
