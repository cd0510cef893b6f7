/** Cases and their review and sign-off trails. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Asking, holds, officerIn, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { trailForReaders } from '../access/without-names.js';
import { ApiOperation, ApiResponse, ApiTags } from '../describe.js';
import { GetCase, GetTrail } from '../../privacy/handlers.js';
import type { CaseAnswer } from '../../privacy/case-reader.js';
import { CasePath, MomentParameters } from '../dto/common.js';
import { At, Takes } from '../parameters.js';
import { HoldsPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';

/** Below the agency: one case. */
const ONE = 'cases/:kind/:number';

@ApiTags('cases')
@Controller('v1/agencies/:agency')
export class CasesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get(ONE)
  @Needs({ agency: ['act', 'audit'] })
  @HoldsPersonalData()
  @At(CasePath)
  @Takes(MomentParameters)
  @ApiOperation({ summary: 'Where a case stands 事项状态' })
  @ApiResponse({
    status: 200,
    description:
      '{agency, case, kind, number, state, since, title, firstOn, lastOn, acts, stream, waitsFor: [{act, step, role, unit, holders}], dueOn}',
  })
  async case(@Param() path: CasePath, @Query() query: MomentParameters, @Asking() asker: Asker): Promise<CaseAnswer> {
    const asOf = await this.#moment(query);
    return this.queries.execute(new GetCase(path.agency, path.ref, { asOf, officer: officerIn(asker, path.agency) }));
  }

  @Get(`${ONE}/trail`)
  @Needs({ agency: ['act', 'audit', 'read'] })
  @HoldsPersonalData()
  @At(CasePath)
  @Takes(MomentParameters)
  @ApiOperation({ summary: 'Review and sign-off trail 审查审批轨迹' })
  @ApiResponse({ status: 200, schema: { $ref: '#/components/schemas/Trail' } })
  async trail(@Param() path: CasePath, @Query() query: MomentParameters, @Asking() asker: Asker): Promise<unknown> {
    const asOf = await this.#moment(query);
    const trail = this.queries.execute(new GetTrail(path.agency, path.ref, { asOf, officer: officerIn(asker, path.agency) }));
    return holds(asker, path.agency, ['act', 'audit']) ? trail : trailForReaders(trail);
  }

  /** Returns when the read models have reached it. */
  async #moment({ asOf, after }: MomentParameters): Promise<string | undefined> {
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
    return asOf;
  }
}
