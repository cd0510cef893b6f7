/**
 * The class that validates the data of each type of message. The compiler holds every class against what the domain says of its type, field by field: see
 * `Differing` at the end.
 */
import type { ActType, DataByType } from '../../domain/acts.js';
import { AgencyChanged, AgencyRegistered, ClearanceChainSet, FigureDeclared, RoleChange } from './agency.messages.js';
import { CalendarAnnounced } from './calendar.messages.js';
import {
  Answer,
  AnswerApproved,
  AnswerRemade,
  ApplicationAbandoned,
  ApplicationExtended,
  ApplicationReceived,
  ApplicationWithdrawn,
  ComplaintReceived,
  FeeCharged,
  FeeWaived,
  LawsuitFiled,
  NoData,
  ReconsiderationFiled,
  RemedyDecided,
  SupplementRequested,
  ThirdPartyAnswered,
  ThirdPartyConsulted,
} from './application.messages.js';
import {
  DeliveryMade,
  HotspotAnswered,
  InterpretationPublished,
  MeetingHeld,
  NormativeDocument,
  PressConferenceHeld,
  RecordErased,
  RecordVoided,
  TableDeclared,
  TrainingHeld,
} from './other.messages.js';
import {
  Checked,
  Cleared,
  PublicationApproved,
  PublicationCorrected,
  PublicationDrafted,
  PublicationRejected,
  PublicationReleased,
  PublicationRevised,
  PublicationWithdrawn,
} from './publication.messages.js';
import { ReportApproved, ReportCleared, ReportCompiled, ReportPublished } from './report.messages.js';

export const DATA_CLASSES = {
  'agency.registered': AgencyRegistered,
  'agency.changed': AgencyChanged,
  'agency.clearance-chain-set': ClearanceChainSet,
  'agency.role-assigned': RoleChange,
  'agency.role-ended': RoleChange,
  'agency.figure-declared': FigureDeclared,
  'publication.drafted': PublicationDrafted,
  'publication.revised': PublicationRevised,
  'publication.cleared': Cleared,
  'publication.approved': PublicationApproved,
  'publication.rejected': PublicationRejected,
  'publication.released': PublicationReleased,
  'publication.checked': Checked,
  'publication.corrected': PublicationCorrected,
  'publication.withdrawn': PublicationWithdrawn,
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
  'reconsideration.filed': ReconsiderationFiled,
  'reconsideration.decided': RemedyDecided,
  'lawsuit.filed': LawsuitFiled,
  'lawsuit.decided': RemedyDecided,
  'complaint.received': ComplaintReceived,
  'complaint.decided': RemedyDecided,
  'site.checked': Checked,
  'normative-document.issued': NormativeDocument,
  'normative-document.repealed': NormativeDocument,
  'hotspot.answered': HotspotAnswered,
  'press-conference.held': PressConferenceHeld,
  'interpretation.published': InterpretationPublished,
  'delivery.made': DeliveryMade,
  'meeting.held': MeetingHeld,
  'training.held': TrainingHeld,
  'calendar.announced': CalendarAnnounced,
  'table.declared': TableDeclared,
  'report.compiled': ReportCompiled,
  'report.cleared': ReportCleared,
  'report.approved': ReportApproved,
  'report.published': ReportPublished,
  'record.voided': RecordVoided,
  'record.erased': RecordErased,
} as const satisfies { readonly [T in ActType]: new () => DataByType[T] };

/** A type as JSON has it, all of it read-only: in this form a class and an interface of the same fields are one. */
type Plain<D> = D extends readonly (infer E)[] ? readonly Plain<E>[] : D extends object ? { readonly [K in keyof D]: Plain<D[K]> } : D;

type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;

/** Types whose class has other fields than the domain's interface, or other values in one; none, or this file does not compile. */
type Differing = {
  [T in ActType]: Same<Plain<InstanceType<(typeof DATA_CLASSES)[T]>>, Plain<DataByType[T]>> extends true ? never : T;
}[ActType];
type None<T extends never> = T;
export type NoneDiffers = None<Differing>;
