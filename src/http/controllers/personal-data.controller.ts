/** Sealed texts of a case, for who may see them and says why; and who asked before. */
import { RightsReader } from '../../access/rights.js';
import { Asking, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { Freshness } from '../../read-models/freshness.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { callerOf, type Sender } from '../../recording/sender.js';
import type { CaseRef } from '../../domain/identifiers.js';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '../describe.js';
import { RevealPersonalData } from '../../privacy/handlers.js';
import { AskingWords } from '../../privacy/asking.js';
import type { Access, PersonalData } from '../../privacy/personal-data-service.js';
import { ListAccesses } from '../../privacy/handlers.js';
import { HoldsPersonalData } from '../personal-data-answers.js';
import { AgencyPath, refOf, SealedCasePath } from '../dto/common.js';
import { Parameter } from '../dto/parameter.js';
import { At, Takes } from '../parameters.js';
import { AskingPipe } from '../asking.pipe.js';
import { ReadModels } from '../read-models.js';

export class AccessesParameters {
  @Parameter({ example: 'application/2017-0001' })
  readonly case?: string;

  /** Errors: `unknown-case`. */
  get ref(): CaseRef | undefined {
    return refOf(this.case);
  }
}

@ApiTags('personal data')
@Controller('v1/agencies/:agency')
export class PersonalDataController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
    private readonly rights: RightsReader,
    private readonly freshness: Freshness,
  ) {}

  @Post('cases/:kind/:number/personal-data')
  @Needs({ agency: ['act'] })
  @HoldsPersonalData()
  @HttpCode(200)
  @At(SealedCasePath)
  @ApiOperation({
    summary: 'Sealed texts of a case 查看封存内容 (个人信息)',
    description: 'Body {actor, reason}: the officer who asks and why. Recorded in the ledger before anything is given.',
  })
  @ApiConsumes('application/json')
  @ApiBody({ required: true, schema: { $ref: '#/components/schemas/Asking' } })
  @ApiResponse({ status: 200, schema: { $ref: '#/components/schemas/PersonalData' } })
  @ApiResponse({ status: 400, description: 'bad-parameter: actor or reason, or a kind of case without sealed texts' })
  @ApiResponse({ status: 403, description: 'not-permitted: holds no role of the chain today and is no administrator' })
  @ApiResponse({ status: 404, description: 'unknown-agency, unknown-case' })
  @ApiResponse({ status: 410, description: 'already-erased' })
  @ApiResponse({
    status: 503,
    description: 'store-unavailable: the access could not be recorded, or the key is not at hand; nothing was given',
  })
  async reveal(@Param() path: SealedCasePath, @Body(AskingPipe) asking: AskingWords, @Asking() { sender }: Asker): Promise<PersonalData> {
    await this.readModels.started();
    await this.#requireBoundName(path.agency, asking, sender);
    const { caller } = sender;
    const revealed = await this.commands.execute(new RevealPersonalData({ agency: path.agency, ref: path.ref, ...asking, caller }));
    // The log may have been away while the access was noted, and the permission may have ended meanwhile.
    await this.#requireBoundName(path.agency, asking, sender);
    return revealed;
  }

  /**
   * Who is identified asks under the name that is bound to him now, and no other. Errors: `not-permitted`;
   * `StoreUnavailable` where that is not known.
   */
  async #requireBoundName(agency: string, { actor }: AskingWords, sender: Sender): Promise<void> {
    const caller = callerOf(sender);
    if (caller === null) return;
    await this.freshness.known();
    const bound = this.rights.of(caller).in(agency, 'act')?.actor ?? null;
    if (bound === actor) return;
    throw new QueryProblem(
      'not-permitted',
      `The caller does not act as ${actor} in this agency.`,
      bound === null ? 'An administrator of the agency, or an operator, grants permissions.' : `It acts as ${bound}.`,
    );
  }

  @Get('accesses')
  @Needs({ agency: ['audit'] })
  @HoldsPersonalData()
  @Takes(AccessesParameters)
  @At(AgencyPath)
  @ApiOperation({ summary: 'Who asked for sealed texts, newest first 查看记录' })
  @ApiResponse({ status: 200, schema: { $ref: '#/components/schemas/Accesses' } })
  async accesses(@Param() { agency }: AgencyPath, @Query() query: AccessesParameters): Promise<{ readonly accesses: readonly Access[] }> {
    await this.readModels.started();
    return this.queries.execute(new ListAccesses(agency, query.ref));
  }
}
