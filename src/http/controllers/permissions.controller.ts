/** Who may what in an agency. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Needs } from '../access/needs.js';
import { GetPermissions, type Permissions } from '../../read-models/permissions/permissions.query.js';
import { ApiOperation, ApiResponse, ApiTags } from '../describe.js';
import { AgencyPath, MomentParameters } from '../dto/common.js';
import { At, Takes } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';

@ApiTags('access')
@Controller('v1/agencies/:agency/permissions')
export class PermissionsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Needs({ agency: ['audit'], operator: true, administrator: true })
  @HoldsNoPersonalData()
  @At(AgencyPath)
  @Takes(MomentParameters)
  @ApiOperation({ summary: 'Permissions of callers in an agency 权限' })
  @ApiResponse({
    status: 200,
    description: '{permissions: [{eventId, caller: {issuer, subject}, permission, actor, sources, below, from, until, grantedBy}]}',
  })
  async permissions(@Param() { agency }: AgencyPath, @Query() { asOf, after }: MomentParameters): Promise<Permissions> {
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
    return this.queries.execute(new GetPermissions(agency, asOf));
  }
}
