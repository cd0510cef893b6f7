/** The yearly tables, and the events behind each cell. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '../describe.js';
import { ExplainCell, GetDifference, GetTable } from '../../tables/handlers.js';
import { GetYearSummary } from '../../read-models/handlers.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import type { Difference, Explanation, Table } from '../../tables/table.js';
import { VIEWS } from '../../tables/year-view.js';
import type { YearSummary } from '../../read-models/trail/trail-reader.js';
import { AFTER, AS_OF, Takes, type Parameters } from '../parameters.js';
import { ReadModels } from '../read-models.js';

const PARAMETERS = [
  { name: 'form', description: 'another form than the agency’s of that year' },
  AS_OF,
  {
    name: 'view',
    enum: VIEWS,
    description:
      'absent = paper where a table is declared for the year, else live; published = as the last published report froze it; difference = {changes}, of a table only',
  },
  { name: 'rollup', enum: ['true', 'false'], description: 'added up with the agencies below it on 31 December' },
  AFTER,
] as const;
const OF_A_SUMMARY = [AS_OF] as const;

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
@Controller('v1/agencies/:agency')
export class TablesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get('tables/:year')
  @Takes(PARAMETERS)
  @ApiOperation({ summary: 'Yearly statistics table 年度统计表' })
  @ApiResponse({ status: 200, schema: { $ref: '#/components/schemas/Table' } })
  async table(
    @Param('agency') agency: string,
    @Param('year') year: string,
    @Query() query: Parameters<typeof PARAMETERS>,
  ): Promise<Table | Difference> {
    await this.#ready(query);
    const { form, asOf, view, rollup } = query;
    const question = { agency, year: parseYear(year), form, asOf, view, ...readRollup(rollup) };
    return view === 'difference' ? this.queries.execute(new GetDifference(question)) : this.queries.execute(new GetTable(question));
  }

  @Get('tables/:year/cells/:cell')
  @Takes(PARAMETERS)
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
    @Query() query: Parameters<typeof PARAMETERS>,
  ): Promise<Explanation> {
    await this.#ready(query);
    const { form, asOf, view, rollup } = query;
    return this.queries.execute(new ExplainCell({ agency, year: parseYear(year), cell, form, asOf, view, ...readRollup(rollup) }));
  }

  @Get('review-summary/:year')
  @Takes(OF_A_SUMMARY)
  @ApiOperation({ summary: 'Review and sign-off of a year 年度审查审批概况' })
  @ApiResponse({ status: 200, description: '{reviewed, returned, released, releasedWithoutReview, medianDaysToRelease}' })
  async summary(
    @Param('agency') agency: string,
    @Param('year') year: string,
    @Query() { asOf }: Parameters<typeof OF_A_SUMMARY>,
  ): Promise<YearSummary> {
    await this.readModels.started();
    await this.readModels.waitForMoment(asOf);
    return this.queries.execute(new GetYearSummary(agency, parseYear(year), asOf));
  }

  async #ready({ after, asOf }: Parameters<typeof PARAMETERS>): Promise<void> {
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
  }
}
