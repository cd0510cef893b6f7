/** The yearly reports: rounds of compilation and sign-off, publications, restatements. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Asking, holds, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { reportForThePublic, withoutNames } from '../access/without-names.js';
import { ApiOperation, ApiResponse, ApiTags } from '../describe.js';
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
  @Needs({ agency: ['read', 'act', 'audit'], published: 'always' })
  @HoldsNoPersonalData()
  @Takes(MomentParameters)
  @ApiOperation({ summary: 'Yearly report: versions, signatures, publications 年度报告' })
  @ApiResponse({
    status: 200,
    description:
      '{agency, year, case, rounds: [{compiled, form, index, tableHash, accepted, clearances, approval, publication: {…, url, withoutReview, checkpoint: {origin, size, root, note}, changes}}]}; changes are against the publication before',
  })
  async report(@Param() { agency, year }: YearPath, @Query() { asOf, after }: MomentParameters, @Asking() asker: Asker): Promise<unknown> {
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
    const report = this.queries.execute(new GetReport(agency, year, asOf));
    if (holds(asker, agency, ['act', 'audit'])) return report;
    return holds(asker, agency, ['read']) ? withoutNames(await report) : reportForThePublic(report);
  }
}
