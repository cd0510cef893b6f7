/** The yearly tables, and the events behind each cell. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsIn, IsOptional } from 'class-validator';
import { Asking, requireBelow, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { ApiOperation, ApiResponse, ApiTags } from '../describe.js';
import { ExplainCell, GetDifference, GetTable } from '../../tables/handlers.js';
import { GetYearSummary } from '../../read-models/trail/year-summary.query.js';
import type { Difference, Explanation, Table } from '../../tables/table.js';
import type { YearSummary } from '../../read-models/trail/trail-reader.js';
import { CELL_VIEWS, noView, VIEWS, VIEWS_HINT } from '../../tables/year-view.js';
import { After, AsOf, CellPath, YearPath } from '../dto/common.js';
import { Parameter, refusedAs } from '../dto/parameter.js';
import { YesOrNo } from '../dto/yes-or-no.js';
import { At, Takes } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';

const FORM = { description: 'another form than the agency’s of that year' } as const;
const VIEW = {
  description:
    'absent = paper where a table is declared for the year, else live; published = as the last published report froze it; difference = {changes}, of a table only',
} as const;
const NO_VIEW = refusedAs(noView, { code: 'bad-view', hint: VIEWS_HINT });

const Rollup = (): PropertyDecorator => YesOrNo('added up with the agencies below it on 31 December');

export class TableParameters {
  @Parameter(FORM)
  readonly form?: string;

  @AsOf()
  readonly asOf?: string;

  @Parameter({ enum: VIEWS, ...VIEW })
  @IsOptional()
  @IsIn(VIEWS, NO_VIEW)
  readonly view?: (typeof VIEWS)[number];

  @Rollup()
  readonly rollup?: boolean;

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

  @Rollup()
  readonly rollup?: boolean;

  @After()
  readonly after?: string;
}

/** Of the review and sign-off of a year. */
export class SummaryParameters {
  @AsOf()
  readonly asOf?: string;
}

@ApiTags('tables')
@Controller('v1/agencies/:agency')
export class TablesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get('tables/:year')
  @Needs({ agency: ['read', 'act', 'audit'], published: true })
  @HoldsNoPersonalData()
  @Takes(TableParameters)
  @At(YearPath)
  @ApiOperation({ summary: 'Yearly statistics table 年度统计表' })
  @ApiResponse({ status: 200, schema: { $ref: '#/components/schemas/Table' } })
  async table(@Param() path: YearPath, @Query() { after, ...asked }: TableParameters, @Asking() asker: Asker): Promise<Table | Difference> {
    const { asOf, view } = asked;
    if (asked.rollup === true) requireBelow(asker, path.agency);
    await this.#ready({ after, asOf });
    const question = { ...path, ...asked };
    return view === 'difference' ? this.queries.execute(new GetDifference(question)) : this.queries.execute(new GetTable(question));
  }

  @Get('tables/:year/cells/:cell')
  @Needs({ agency: ['read', 'act', 'audit'] })
  @HoldsNoPersonalData()
  @Takes(CellParameters)
  @At(CellPath)
  @ApiOperation({ summary: 'The events a cell stands for 单元格的来源事项' })
  @ApiResponse({
    status: 200,
    description: '{cell, value, events}; the amounts add up to the value; of a roll-up each event names its agency',
  })
  async explain(@Param() path: CellPath, @Query() { after, ...asked }: CellParameters, @Asking() asker: Asker): Promise<Explanation> {
    if (asked.rollup === true) requireBelow(asker, path.agency);
    await this.#ready({ after, asOf: asked.asOf });
    return this.queries.execute(new ExplainCell({ ...path, ...asked }));
  }

  @Get('review-summary/:year')
  @Needs({ agency: ['read', 'act', 'audit'] })
  @HoldsNoPersonalData()
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
