/** Sealed texts of a case, for who may see them and says why; and who asked before. */
import { Asking, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { Revealing } from '../access/revealing.js';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { CaseRef } from '../../domain/identifiers.js';
import { Answers, Fails, READING } from '../description/answers.js';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '../description/describe.js';
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

export interface Accesses {
  readonly accesses: readonly Access[];
}

@ApiTags('personal data')
@Controller('v1/agencies/:agency')
export class PersonalDataController {
  constructor(
    private readonly revealing: Revealing,
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Post('cases/:kind/:number/personal-data')
  @Needs({ agency: ['act'] })
  @HoldsPersonalData()
  @HttpCode(200)
  @At(SealedCasePath)
  @ApiOperation({
    operationId: 'revealPersonalData',
    summary: 'Sealed texts of a case 查看封存内容 (个人信息)',
    description: 'Body {actor, reason}: the officer who asks and why. Recorded in the ledger before anything is given.',
  })
  @ApiConsumes('application/json')
  @ApiBody({ required: true, schema: { $ref: '#/components/schemas/Asking' } })
  @Answers<PersonalData>(200, 'the texts, event by event')
  @Fails('not-permitted', 'unknown-agency', 'unknown-case', 'already-erased', 'too-large', 'unsupported-media-type', ...READING)
  async reveal(@Param() path: SealedCasePath, @Body(AskingPipe) asking: AskingWords, @Asking() { sender }: Asker): Promise<PersonalData> {
    return this.revealing.reveal({ agency: path.agency, ref: path.ref, ...asking }, sender);
  }

  @Get('accesses')
  @Needs({ agency: ['audit'] })
  @HoldsPersonalData()
  @Takes(AccessesParameters)
  @At(AgencyPath)
  @ApiOperation({ operationId: 'listAccesses', summary: 'Who asked for sealed texts, newest first 查看记录' })
  @Answers<Accesses>(200, 'newest first, at most 1000')
  @Fails('unknown-agency', 'unknown-case', ...READING)
  async accesses(@Param() { agency }: AgencyPath, @Query() query: AccessesParameters): Promise<Accesses> {
    await this.readModels.started();
    return this.queries.execute(new ListAccesses(agency, query.ref));
  }
}
