/** Cases and their review and sign-off trails. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Asking, holds, officerIn, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { trailForReaders, type WithoutNames } from '../access/without-names.js';
import { Answers, AS_OF, Fails } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import { GetCase, GetTrail } from '../../privacy/handlers.js';
import type { CaseAnswer } from '../../privacy/case-reader.js';
import type { Trail } from '../../read-models/trail/trail-reader.js';
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
  @ApiOperation({ operationId: 'getCase', summary: 'Where a case stands 事项状态' })
  @Answers<CaseAnswer>(200, 'the case, and whom it waits for')
  @Fails('unknown-agency', 'unknown-case', ...AS_OF)
  async case(@Param() path: CasePath, @Query() query: MomentParameters, @Asking() asker: Asker): Promise<CaseAnswer> {
    const asOf = await this.#moment(query);
    return this.queries.execute(new GetCase(path.agency, path.ref, { asOf, officer: officerIn(asker, path.agency) }));
  }

  @Get(`${ONE}/trail`)
  @Needs({ agency: ['act', 'audit', 'read'] })
  @HoldsPersonalData()
  @At(CasePath)
  @Takes(MomentParameters)
  @ApiOperation({ operationId: 'getTrail', summary: 'Review and sign-off trail 审查审批轨迹' })
  @Answers<Trail | WithoutNames<Trail, 'opinion'>>(200, 'the trail; without names for who may read only')
  @Fails('unknown-agency', 'unknown-case', ...AS_OF)
  async trail(
    @Param() path: CasePath,
    @Query() query: MomentParameters,
    @Asking() asker: Asker,
  ): Promise<Trail | WithoutNames<Trail, 'opinion'>> {
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
