/** The yearly tables, and the events behind each cell. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsIn, IsOptional } from 'class-validator';
import { Asking, requireBelow, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { Answers, AS_OF, Fails } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
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
  @ApiOperation({ operationId: 'getTable', summary: 'Yearly statistics table 年度统计表' })
  @Answers<Table | Difference>(200, 'the table; of view=difference what differs')
  @Fails(...OF_TABLE)
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
  @ApiOperation({ operationId: 'explainCell', summary: 'The events a cell stands for 单元格的来源事项' })
  @Answers<Explanation>(200, 'the amounts add up to the value; of a roll-up each event names its agency')
  @Fails('unknown-cell', ...OF_TABLE)
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
