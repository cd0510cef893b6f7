/** The yearly reports: rounds of compilation and sign-off, publications, restatements. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Asking, holds, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { withoutNames, type WithoutNames } from '../access/without-names.js';
import { Answers, AS_OF, Fails } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import type { YearlyReport } from '../../tables/report-reader.js';
import { GetReport } from '../../tables/handlers.js';
import { MomentParameters, YearPath } from '../dto/common.js';
import { At, Takes } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';

@ApiTags('tables')
@At(YearPath)
@Controller('v1/agencies/:agency/reports/:year')
export class ReportsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Needs({ agency: ['read', 'act', 'audit'] })
  @HoldsNoPersonalData()
  @Takes(MomentParameters)
  @ApiOperation({ operationId: 'getReport', summary: 'Yearly report: versions, signatures, publications 年度报告' })
  @Answers<YearlyReport | WithoutNames<YearlyReport>>(200, 'its rounds; without names for who may read only')
  @Fails('unknown-agency', 'bad-year', ...AS_OF)
  async report(
    @Param() { agency, year }: YearPath,
    @Query() { asOf, after }: MomentParameters,
    @Asking() asker: Asker,
  ): Promise<YearlyReport | WithoutNames<YearlyReport>> {
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
    const report = await this.queries.execute(new GetReport(agency, year, asOf));
    return holds(asker, agency, ['act', 'audit']) ? report : withoutNames(report);
  }
}
