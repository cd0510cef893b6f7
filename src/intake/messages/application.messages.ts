/** Data of `application.*`, `reconsideration.*`, `lawsuit.*` and `complaint.*` messages. */
import { ValidateNested } from 'class-validator';
import { ABANDONMENTS, APPLICANT_KINDS, RECEIVED_BY, THIRD_PARTY_ANSWERS } from '../../domain/application/acts.js';
import { LAWS } from '../../domain/application/clock.js';
import { ALL_GROUNDS, ALL_OUTCOMES } from '../../domain/application/outcomes.js';
import { COURT_ROLES, RESULTS, ROUTES } from '../../domain/small-kinds/acts.js';
import { Cleared } from './publication.messages.js';
import { CaseReference, DateOnly, Hash, Nested, OneObject, OneOf, Optional, Party, Person, Text, Whole, Word } from './fields.js';

export class Applicant {
  @OneOf(APPLICANT_KINDS) kind!: (typeof APPLICANT_KINDS)[number];
  @Optional() @Text(200) name?: string;
  @Optional() @Word(40) idNumber?: string;
  @Optional() @Text(500) contact?: string;
}

export class ApplicationReceived {
  @OneOf(RECEIVED_BY) channel!: (typeof RECEIVED_BY)[number];
  @Nested(Applicant) @OneObject() @ValidateNested() applicant!: Applicant;
  @Text(20_000) request!: string;
  @Optional() @OneOf(LAWS) law?: (typeof LAWS)[number];
  @Optional() @DateOnly() submittedOn?: string;
  @Optional() @DateOnly() confirmedOn?: string;
}

export class SupplementRequested {
  @Optional() @DateOnly() dueOn?: string;
}

/** The act itself is all there is to say. */
export class NoData {}

export class ThirdPartyConsulted {
  @Optional() @Text(200) @Party() party?: string;
}

export class ThirdPartyAnswered {
  @Optional() @Text(200) @Party() party?: string;
  @OneOf(THIRD_PARTY_ANSWERS) answer!: (typeof THIRD_PARTY_ANSWERS)[number];
}

export class ApplicationExtended {
  @Whole(1) days!: number;
  @Text() reason!: string;
  @Word() @Person() approvedBy!: string;
}

/** Which outcomes and grounds go together the law of the application says. */
export class Answer {
  @OneOf(ALL_OUTCOMES) outcome!: string;
  @Optional() @OneOf(ALL_GROUNDS) ground?: string;
  @Hash() contentHash!: string;
}

export class AnswerApproved {
  @Hash() contentHash!: string;
}

export class AnswerRemade extends Answer {
  @CaseReference() orderedBy!: string;
}

export class FeeCharged {
  @Whole(0) amountFen!: number;
  @Text() basis!: string;
}

export class FeeWaived {
  @Whole(0) amountFen!: number;
  @Text() reason!: string;
}

export class ApplicationAbandoned {
  @OneOf(ABANDONMENTS) reason!: (typeof ABANDONMENTS)[number];
  @Optional() @Text() note?: string;
}

export class ApplicationWithdrawn {
  @Optional() @Text() note?: string;
}

export class ReconsiderationFiled {
  @Optional() @CaseReference() application?: string;
  @Optional() @CaseReference() publication?: string;
  @Optional() @Word(200) caseNumber?: string;
}

export class LawsuitFiled {
  @OneOf(ROUTES) route!: (typeof ROUTES)[number];
  @Optional() @OneOf(COURT_ROLES) role?: (typeof COURT_ROLES)[number];
  @Optional() @CaseReference() application?: string;
  @Optional() @CaseReference() publication?: string;
  @Optional() @Word(200) court?: string;
  @Optional() @Word(200) caseNumber?: string;
}

export class ComplaintReceived {
  @Text(1000) topic!: string;
  @Optional() @CaseReference() application?: string;
  @Optional() @CaseReference() publication?: string;
}

export class RemedyDecided {
  @OneOf(RESULTS) result!: (typeof RESULTS)[number];
  @Optional() @Text() note?: string;
}

/** By type. */
export const APPLICATION_CLASSES = {
  'application.received': ApplicationReceived,
  'application.supplement-requested': SupplementRequested,
  'application.supplemented': NoData,
  'application.third-party-consulted': ThirdPartyConsulted,
  'application.third-party-answered': ThirdPartyAnswered,
  'application.extended': ApplicationExtended,
  'application.reply-drafted': Answer,
  'application.reply-revised': Answer,
  'application.cleared': Cleared,
  'application.approved': AnswerApproved,
  'application.replied': Answer,
  'application.reply-remade': AnswerRemade,
  'application.fee-charged': FeeCharged,
  'application.fee-waived': FeeWaived,
  'application.abandoned': ApplicationAbandoned,
  'application.withdrawn': ApplicationWithdrawn,
} as const;

/** By type. */
export const REMEDY_CLASSES = {
  'reconsideration.filed': ReconsiderationFiled,
  'reconsideration.decided': RemedyDecided,
  'lawsuit.filed': LawsuitFiled,
  'lawsuit.decided': RemedyDecided,
  'complaint.received': ComplaintReceived,
  'complaint.decided': RemedyDecided,
} as const;
