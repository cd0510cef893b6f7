/** The yearly tables, and the events behind each cell. */
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsIn, IsInt, IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Asking, requireBelow, type Asker } from '../access/caller.js';
import { Needs, READERS } from '../access/needs.js';
import { Answers, AnswersText, AS_OF, Fails, READING, Sends } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import { FindBehindCell, GetDifference, GetHistory, GetStatistics, ListTables } from '../../tables/handlers.js';
import { GetYearSummary } from '../../read-models/trail/year-summary.query.js';
import type { Statistics } from '../../tables/statistics-reader.js';
import { MAX_CELLS } from '../../tables/table.js';
import type { Difference, Explanation, History, Table } from '../../tables/table.js';
import type { TableList } from '../../tables/table-list.js';
import { readYear } from '../../time/year.js';
import type { YearSummary } from '../../read-models/trail/year-summary.js';
import { CELL_VIEWS, noView, VIEWS, VIEWS_HINT } from '../../tables/year-view.js';
import { AgencyPath, After, AsOf, CellPath, MomentParameters, NO_YEAR, YearPath, YesOrNo } from '../dto/common.js';
import { Parameter, refusedAs } from '../dto/parameter.js';
import { At, Takes } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { ReadModels } from '../read-models.js';
import { sendExplanation } from '../serving/explanation-answers.js';
import { DIFFERENCE_FORMATS, formatOf, TABLE_FORMATS } from '../serving/representations.js';
import { FORM_LINK, TableAnswers, type Represented } from '../serving/table-answers.js';

const FORM = { description: 'another form than the agency’s of that year' } as const;
const VIEW = {
  description:
    'absent = paper where a table is declared for the year, else live; published = as the last published report froze it; difference = {changes}, of a table only',
} as const;
const NO_VIEW = refusedAs(noView, { code: 'bad-view', hint: VIEWS_HINT });

const ROLL_UP = 'added up with the agencies below it on 31 December';

/** Codes of whatever is asked of a table. */
const OF_TABLE = [
  ...(['unknown-agency', 'unknown-form', 'bad-year', 'bad-view', 'no-paper-table', 'no-published-table'] as const),
  ...AS_OF,
] as const;

export class TableParameters {
  @Parameter(FORM)
  readonly form?: string;

  @AsOf()
  readonly asOf?: string;

  @Parameter({ enum: VIEWS, ...VIEW })
  @IsOptional()
  @IsIn(VIEWS, NO_VIEW)
  readonly view?: (typeof VIEWS)[number];

  @YesOrNo(ROLL_UP)
  readonly rollup?: boolean;

  @Parameter(
    { type: 'integer', description: 'a year whose values stand in previous of each row', example: 2016 },
    (text) => readYear(text) ?? text,
  )
  @IsOptional()
  @IsInt(NO_YEAR)
  readonly compare?: number;

  @Parameter({ description: 'of view=published: the table that was published under this hash, for ever' })
  readonly hash?: string;

  @Parameter({ enum: Object.keys(TABLE_FORMATS), description: 'goes before Accept' })
  readonly format?: string;

  @YesOrNo('CSV for spreadsheets: a byte order mark, and no text that they take for a formula')
  readonly bom?: boolean;

  @After()
  readonly after?: string;
}

/** Of cells over time. */
export class HistoryParameters {
  @Parameter({ required: true, description: `1 to ${MAX_CELLS} cells, with commas between them`, example: '1.1,3.1' }, (text) =>
    text.split(','),
  )
  readonly cells: readonly string[] = [];

  @Parameter({ enum: ['day'], description: 'the last value of each day of recording instead of each event’s' })
  @IsOptional()
  @IsIn(
    ['day'],
    refusedAs((value) => `by is day, not "${String(value)}".`, { code: 'bad-parameter', hint: 'Write by=day, or leave it out.' }),
  )
  readonly by?: 'day';

  @After()
  readonly after?: string;
}

export class CellParameters {
  @Parameter(FORM)
  readonly form?: string;

  @AsOf()
  readonly asOf?: string;

  @Parameter({ enum: CELL_VIEWS, ...VIEW })
  @IsOptional()
  @IsIn(CELL_VIEWS, NO_VIEW)
  readonly view?: (typeof CELL_VIEWS)[number];

  @YesOrNo(ROLL_UP)
  readonly rollup?: boolean;

  @After()
  readonly after?: string;
}

/** Of the years of an agency. */
export class ListParameters {
  @After()
  readonly after?: string;
}

/** Of the review and sign-off of a year. */
export class SummaryParameters {
  @AsOf()
  readonly asOf?: string;
}

/** What a table is in other media types. */
const ALSO = {
  [TABLE_FORMATS.csv]: 'a line for each value, under a header',
  [TABLE_FORMATS['json-stat']]: 'a dataset of JSON-stat 2.0',
};

@ApiTags('tables')
@Controller('v1/agencies/:agency')
export class TablesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
    private readonly answers: TableAnswers,
  ) {}

  @Get('tables/:year')
  @Needs({ agency: READERS, published: 'view' })
  @HoldsNoPersonalData()
  @Takes(TableParameters)
  @At(YearPath)
  @ApiOperation({ operationId: 'getTable', summary: 'Yearly statistics table 年度统计表' })
  @Answers<Table | Difference>(200, 'the table; of view=difference what differs', ALSO)
  @Sends(FORM_LINK, 200)
  @AnswersText(304, 'it is as the tag says', {})
  @Fails(...OF_TABLE, 'not-acceptable')
  async table(
    @Param() path: YearPath,
    @Query() { after, format: named, bom = false, ...asked }: TableParameters,
    @Headers('accept') accept: string | undefined,
    @Asking() asker: Asker,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const format = formatOf(asked.view === 'difference' ? DIFFERENCE_FORMATS : TABLE_FORMATS, { format: named, accept });
    requireFitting(asked, { format, bom });
    // A published roll-up is the agency's own word, and public as such.
    if (asked.rollup === true && asked.view !== 'published') requireBelow(asker, path.agency);
    await this.#ready({ after, asOf: asked.asOf });
    const question = { ...path, ...asked };
    if (asked.view !== 'difference') return void (await reply.send(await this.answers.answer(question, { format, bom }, reply)));
    const difference = await this.queries.execute(new GetDifference(question));
    await reply.header('content-type', TABLE_FORMATS.json).send(JSON.stringify(difference));
  }

  @Get('tables')
  @Needs({ agency: READERS })
  @HoldsNoPersonalData()
  @Takes(ListParameters)
  @At(AgencyPath)
  @ApiOperation({ operationId: 'listTables', summary: 'Which tables an agency has 各年度统计表' })
  @Answers<TableList>(200, 'the years of which something is recorded')
  @Fails('unknown-agency', 'bad-as-of', ...READING)
  async tables(@Param() { agency }: AgencyPath, @Query() { after }: ListParameters): Promise<TableList> {
    await this.#ready({ after });
    return this.queries.execute(new ListTables(agency));
  }

  @Get('tables/:year/history')
  @Needs({ agency: READERS })
  @HoldsNoPersonalData()
  @Takes(HistoryParameters)
  @At(YearPath)
  @ApiOperation({ operationId: 'getHistory', summary: 'What cells printed after each event that changed them 单元格沿革' })
  @Answers<History>(200, 'by cell its values in the order of recording; of by=day one a day')
  @Fails('unknown-cell', ...OF_TABLE)
  async history(@Param() path: YearPath, @Query() { after, ...asked }: HistoryParameters): Promise<History> {
    await this.#ready({ after });
    return this.queries.execute(new GetHistory({ ...path, ...asked }));
  }

  @Get('tables/:year/cells/:cell')
  @Needs({ agency: READERS })
  @HoldsNoPersonalData()
  @Takes(CellParameters)
  @At(CellPath)
  @ApiOperation({
    operationId: 'explainCell',
    summary: 'The events a cell stands for 单元格的来源事项',
    description: 'More than 500 come piece by piece: an answer that is cut short ends without its last chunk.',
  })
  @Answers<Explanation>(200, 'the amounts add up to the value, but of a share or a median; of a roll-up each event names its agency')
  @Fails('unknown-cell', ...OF_TABLE)
  async explain(
    @Param() path: CellPath,
    @Query() { after, ...asked }: CellParameters,
    @Asking() asker: Asker,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (asked.rollup === true) requireBelow(asker, path.agency);
    await this.#ready({ after, asOf: asked.asOf });
    await sendExplanation(await this.queries.execute(new FindBehindCell({ ...path, ...asked })), asker, reply);
  }

  @Get('statistics/:year')
  @Needs({ agency: READERS })
  @HoldsNoPersonalData()
  @Takes(MomentParameters)
  @At(YearPath)
  @ApiOperation({ operationId: 'getStatistics', summary: 'Figures that only the prose of a report has 报告正文数据' })
  @Answers<Statistics>(200, 'each by its code, which cells/{cell} explains')
  @Fails('unknown-agency', 'bad-year', ...AS_OF)
  async statistics(@Param() path: YearPath, @Query() { asOf, after }: MomentParameters): Promise<Statistics> {
    await this.#ready({ after, asOf });
    return this.queries.execute(new GetStatistics({ ...path, asOf }));
  }

  @Get('review-summary/:year')
  @Needs({ agency: READERS })
  @HoldsNoPersonalData()
  @Takes(SummaryParameters)
  @At(YearPath)
  @ApiOperation({ operationId: 'getReviewSummary', summary: 'Review and sign-off of a year 年度审查审批概况' })
  @Answers<YearSummary>(200, 'how many were reviewed, and how long it took')
  @Fails('unknown-agency', 'bad-year', ...AS_OF)
  async summary(@Param() { agency, year }: YearPath, @Query() { asOf }: SummaryParameters): Promise<YearSummary> {
    await this.readModels.started();
    await this.readModels.waitForMoment(asOf);
    return this.queries.execute(new GetYearSummary(agency, year, asOf));
  }

  async #ready({ after, asOf }: { readonly after?: string; readonly asOf?: string }): Promise<void> {
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
  }
}

/** What only some representations and views have. Errors: `bad-parameter`. */
function requireFitting({ view, hash }: Pick<TableParameters, 'view' | 'hash'>, { format, bom }: Represented): void {
  if (hash !== undefined && view !== 'published')
    throw new QueryProblem('bad-parameter', 'Only a published table is asked for by its hash.', 'Write view=published&hash=….');
  if (bom && format !== 'csv') throw new QueryProblem('bad-parameter', 'Only CSV has a byte order mark.', 'Write format=csv&bom=true.');
}
