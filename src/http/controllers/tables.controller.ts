/** The yearly tables, and the events behind each cell. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '../describe.js';
import { ExplainCell, GetDifference, GetTable } from '../../tables/handlers.js';
import { GetYearSummary } from '../../read-models/handlers.js';
import type { Difference, Explanation, Table } from '../../tables/table.js';
import type { YearSummary } from '../../read-models/trail/trail-reader.js';
import { CellPath, YearPath } from '../dto/common.js';
import { CellParameters, SummaryParameters, TableParameters } from '../dto/tables.parameters.js';
import { At, Takes } from '../parameters.js';
import { ReadModels } from '../read-models.js';

@ApiTags('tables')
@Controller('v1/agencies/:agency')
export class TablesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get('tables/:year')
  @Takes(TableParameters)
  @At(YearPath)
  @ApiOperation({ summary: 'Yearly statistics table 年度统计表' })
  @ApiResponse({ status: 200, schema: { $ref: '#/components/schemas/Table' } })
  async table(@Param() path: YearPath, @Query() { after, ...asked }: TableParameters): Promise<Table | Difference> {
    const { asOf, view } = asked;
    await this.#ready({ after, asOf });
    const question = { ...path, ...asked };
    return view === 'difference' ? this.queries.execute(new GetDifference(question)) : this.queries.execute(new GetTable(question));
  }

  @Get('tables/:year/cells/:cell')
  @Takes(CellParameters)
  @At(CellPath)
  @ApiOperation({ summary: 'The events a cell stands for 单元格的来源事项' })
  @ApiResponse({
    status: 200,
    description: '{cell, value, events}; the amounts add up to the value; of a roll-up each event names its agency',
  })
  async explain(@Param() path: CellPath, @Query() { after, ...asked }: CellParameters): Promise<Explanation> {
    await this.#ready({ after, asOf: asked.asOf });
    return this.queries.execute(new ExplainCell({ ...path, ...asked }));
  }

  @Get('review-summary/:year')
  @Takes(SummaryParameters)
  @At(YearPath)
  @ApiOperation({ summary: 'Review and sign-off of a year 年度审查审批概况' })
  @ApiResponse({ status: 200, description: '{reviewed, returned, released, releasedWithoutReview, medianDaysToRelease}' })
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
