/**
 * Cases and trails with the texts that anybody may read, and the sealed texts for who may see them; for the buses, each
 * handler a line or two.
 */
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, Query, QueryHandler, type IQueryHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type PersonalData, type Asking, type Access, PersonalDataService } from './personal-data-service.js';
import { CaseReader, type CaseAnswer, type CaseQuestion } from './case-reader.js';
import { MessageRecorder } from '../recording/message-recorder.js';
import type { Trail } from '../read-models/trail/trail-reader.js';
import { LedgerBusy } from '../read-models/query-problem.js';
import type { CaseRef } from '../domain/identifiers.js';

/** `viewer`: absent where nobody is identified. */
export class GetCase extends Query<CaseAnswer> {
  constructor(
    readonly agency: string,
    readonly ref: CaseRef,
    readonly asked?: CaseQuestion,
  ) {
    super();
  }
}

export class GetTrail extends Query<Trail> {
  constructor(
    readonly agency: string,
    readonly ref: CaseRef,
    readonly asked?: CaseQuestion,
  ) {
    super();
  }
}

/** Notes who asks for the sealed texts of a case, then gives them. */
export class RevealPersonalData extends Command<PersonalData> {
  constructor(readonly asking: Asking) {
    super();
  }
}

export class ListAccesses extends Query<{ readonly accesses: readonly Access[] }> {
  constructor(
    readonly agency: string,
    readonly ref: CaseRef | undefined,
  ) {
    super();
  }
}

@QueryHandler(GetCase)
export class GetCaseHandler implements IQueryHandler<GetCase> {
  constructor(@Inject(CaseReader) private readonly cases: CaseReader) {}

  async execute({ agency, ref, asked }: GetCase): Promise<CaseAnswer> {
    return this.cases.case(agency, ref, asked);
  }
}

@QueryHandler(GetTrail)
export class GetTrailHandler implements IQueryHandler<GetTrail> {
  constructor(@Inject(CaseReader) private readonly cases: CaseReader) {}

  async execute({ agency, ref, asked }: GetTrail): Promise<Trail> {
    return this.cases.trail(agency, ref, asked);
  }
}

@CommandHandler(RevealPersonalData)
export class RevealPersonalDataHandler implements ICommandHandler<RevealPersonalData> {
  constructor(
    @Inject(PersonalDataService) private readonly personalData: PersonalDataService,
    @Inject(MessageRecorder) private readonly recorder: MessageRecorder | null,
  ) {}

  async execute({ asking }: RevealPersonalData): Promise<PersonalData> {
    if (this.recorder === null) throw new LedgerBusy();
    return this.personalData.reveal(asking);
  }
}

@QueryHandler(ListAccesses)
export class ListAccessesHandler implements IQueryHandler<ListAccesses> {
  constructor(@Inject(PersonalDataService) private readonly personalData: PersonalDataService) {}

  async execute({ agency, ref }: ListAccesses): Promise<{ readonly accesses: readonly Access[] }> {
    return this.personalData.list(agency, ref);
  }
}
