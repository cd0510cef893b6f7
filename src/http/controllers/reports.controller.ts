/** The yearly reports: rounds of compilation and sign-off, publications, restatements. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Asking, holds, type Asker } from '../access/caller.js';
import { Needs, READERS } from '../access/needs.js';
import { reportForThePublic, withoutNames, type WithoutNames } from '../access/without-names.js';
import { Answers, AS_OF, Fails } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import type { YearlyReport } from '../../tables/report-reader.js';
import { GetReport } from '../../tables/handlers.js';
import { MomentParameters, YearPath, YesOrNo } from '../dto/common.js';
import { At, Takes } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';

export type ShownReport = YearlyReport | WithoutNames<YearlyReport> | WithoutNames<YearlyReport, 'opinion' | 'events'>;

export class ReportParameters extends MomentParameters {
  @YesOrNo('the report of the table with the agencies below it, on report/<year>-rollup')
  readonly rollup?: boolean;
}

@ApiTags('tables')
@At(YearPath)
@Controller('v1/agencies/:agency/reports/:year')
export class ReportsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Needs({ agency: READERS, published: 'always' })
  @HoldsNoPersonalData()
  @Takes(ReportParameters)
  @ApiOperation({ operationId: 'getReport', summary: 'Yearly report: versions, signatures, publications 年度报告' })
  @Answers<ShownReport>(200, 'its rounds; without names for who may read only, for the public what was published')
  @Fails('unknown-agency', 'unknown-case', 'bad-year', 'no-published-table', ...AS_OF)
  async report(
    @Param() { agency, year }: YearPath,
    @Query() { asOf, after, rollup = false }: ReportParameters,
    @Asking() asker: Asker,
  ): Promise<ShownReport> {
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
    const report = this.queries.execute(new GetReport(agency, { year, rollup }, asOf));
    if (holds(asker, agency, ['act', 'audit'])) return report;
    return holds(asker, agency, ['read']) ? withoutNames(await report) : reportForThePublic(report);
  }
}
