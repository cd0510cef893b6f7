/** The yearly reports: rounds of compilation and sign-off, publications, restatements. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '../describe.js';
import { GetReport } from '../../tables/handlers.js';
import type { YearlyReport } from '../../tables/report-reader.js';
import { AFTER, AS_OF, Takes, type Parameters } from '../parameters.js';
import { ReadModels } from '../read-models.js';
import { parseYear } from './tables.controller.js';

const PARAMETERS = [AS_OF, AFTER] as const;

@ApiTags('tables')
@ApiParam({ name: 'agency', example: '370828-commerce' })
@ApiParam({ name: 'year', example: '2017' })
@Controller('v1/agencies/:agency/reports/:year')
export class ReportsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Takes(PARAMETERS)
  @ApiOperation({ summary: 'Yearly report: versions, signatures, publications 年度报告' })
  @ApiResponse({
    status: 200,
    description:
      '{agency, year, case, rounds: [{compiled, form, index, tableHash, accepted, clearances, approval, publication: {…, url, withoutReview, checkpoint: {origin, size, root, note}, changes}}]}; changes are against the publication before',
  })
  async report(
    @Param('agency') agency: string,
    @Param('year') year: string,
    @Query() { asOf, after }: Parameters<typeof PARAMETERS>,
  ): Promise<YearlyReport> {
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
    return this.queries.execute(new GetReport(agency, parseYear(year), asOf));
  }
}
