/** The yearly tables, and the events behind each cell. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from './describe.js';
import { ExplainCell, GetDifference, GetTable, GetYearSummary } from '../use-cases/queries.js';
import { QueryProblem } from '../use-cases/query-problem.js';
import type { Difference, Explanation, Table } from '../use-cases/table-reader.js';
import { VIEWS } from '../use-cases/year-view.js';
import type { YearSummary } from '../use-cases/trail-reader.js';
import { readParameters, type Parameters } from './parameters.js';
import { ReadModels } from './read-models.js';

const PARAMETERS = ['form', 'asOf', 'view', 'rollup', 'after'] as const;

export function parseYear(text: string): number {
  if (!/^\d{4}$/.test(text)) throw new QueryProblem('bad-year', `"${text}" is no year.`, 'Give a year of four digits.');
  return Number(text);
}

/** `rollup` is a yes or a no, and nothing else. */
function readRollup(rollup: string | undefined): { readonly rollup?: boolean } {
  if (rollup === undefined) return {};
  if (rollup !== 'true' && rollup !== 'false')
    throw new QueryProblem('bad-parameter', `rollup is true or false, not "${rollup}".`, 'Write rollup=true, or leave it out.');
  return { rollup: rollup === 'true' };
}

@ApiTags('tables')
@ApiParam({ name: 'agency', example: '370828-commerce' })
@ApiParam({ name: 'year', example: '2017' })
@ApiQuery({ name: 'form', required: false, description: 'another form than the agency’s of that year' })
@ApiQuery({ name: 'asOf', required: false, description: 'position of a receipt, index:N, RFC 3339 time or date' })
@ApiQuery({
  name: 'view',
  required: false,
  enum: VIEWS,
  description:
    'absent = paper where a table is declared for the year, else live; published = as the last published report froze it; difference = {changes}, of a table only',
})
@ApiQuery({ name: 'rollup', required: false, enum: ['true', 'false'], description: 'added up with the agencies below it on 31 December' })
@ApiQuery({ name: 'after', required: false, description: 'wait (at most 5 s) until this position is counted' })
@Controller('v1/agencies/:agency')
export class TablesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get('tables/:year')
  @ApiOperation({ summary: 'Yearly statistics table 年度统计表' })
  @ApiResponse({ status: 200, schema: { $ref: '#/components/schemas/Table' } })
  async table(
    @Param('agency') agency: string,
    @Param('year') year: string,
    @Query() query: Record<string, unknown>,
  ): Promise<Table | Difference> {
    const { form, asOf, view, rollup } = await this.#ready(query);
    const question = { agency, year: parseYear(year), form, asOf, view, ...readRollup(rollup) };
    return view === 'difference' ? this.queries.execute(new GetDifference(question)) : this.queries.execute(new GetTable(question));
  }

  @Get('tables/:year/cells/:cell')
  @ApiOperation({ summary: 'The events a cell stands for 单元格的来源事项' })
  @ApiParam({ name: 'cell', example: '1.1' })
  @ApiResponse({
    status: 200,
    description: '{cell, value, events}; the amounts add up to the value; of a roll-up each event names its agency',
  })
  async explain(
    @Param('agency') agency: string,
    @Param('year') year: string,
    @Param('cell') cell: string,
    @Query() query: Record<string, unknown>,
  ): Promise<Explanation> {
    const { form, asOf, view, rollup } = await this.#ready(query);
    return this.queries.execute(new ExplainCell({ agency, year: parseYear(year), cell, form, asOf, view, ...readRollup(rollup) }));
  }

  @Get('review-summary/:year')
  @ApiOperation({ summary: 'Review and sign-off of a year 年度审查审批概况' })
  @ApiResponse({ status: 200, description: '{reviewed, returned, released, releasedWithoutReview, medianDaysToRelease}' })
  async summary(
    @Param('agency') agency: string,
    @Param('year') year: string,
    @Query() query: Record<string, unknown>,
  ): Promise<YearSummary> {
    const { asOf } = readParameters(query, ['asOf']);
    await this.readModels.started();
    await this.readModels.waitForMoment(asOf);
    return this.queries.execute(new GetYearSummary(agency, parseYear(year), asOf));
  }

  async #ready(query: Readonly<Record<string, unknown>>): Promise<Parameters<(typeof PARAMETERS)[number]>> {
    const parameters = readParameters(query, PARAMETERS);
    await this.readModels.waitFor(parameters.after);
    await this.readModels.waitForMoment(parameters.asOf);
    return parameters;
  }
}
