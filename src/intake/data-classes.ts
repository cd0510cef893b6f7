/** The class that validates the data of each type of message. A test holds that every type that comes in has one. */
import type { ActType } from '../events/catalog.js';
import { AgencyChanged, AgencyRegistered, ClearanceChainSet, FigureDeclared, RoleChange } from './agency.messages.js';
import {
  DeliveryMade,
  HotspotAnswered,
  InterpretationPublished,
  MeetingHeld,
  NormativeDocument,
  PressConferenceHeld,
  RecordVoided,
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

export const DATA_CLASSES: Readonly<Record<ActType, new () => object>> = {
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
  'site.checked': Checked,
  'normative-document.issued': NormativeDocument,
  'normative-document.repealed': NormativeDocument,
  'hotspot.answered': HotspotAnswered,
  'press-conference.held': PressConferenceHeld,
  'interpretation.published': InterpretationPublished,
  'delivery.made': DeliveryMade,
  'meeting.held': MeetingHeld,
  'training.held': TrainingHeld,
  'record.voided': RecordVoided,
};
