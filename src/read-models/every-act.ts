/**
 * Lists of types that several read models share. By hand, like what each of them ignores: a new type is placed on
 * purpose. The test of the catalogue holds every read model's lists against all types there are.
 */
import type { ActType } from '../domain/acts.js';
import type { StoredType } from '../events/catalog.js';

/** Acts that no read model looks into but those that hold every act, and the figures where they count. */
export const ACTS_OF_NO_MODEL: readonly ActType[] = [
  'agency.registered',
  'agency.changed',
  'agency.clearance-chain-set',
  'agency.role-assigned',
  'agency.role-ended',
  'agency.figure-declared',
  'publication.revised',
  'publication.cleared',
  'publication.approved',
  'publication.rejected',
  'publication.released',
  'publication.checked',
  'publication.corrected',
  'publication.withdrawn',
  'application.reply-drafted',
  'application.reply-revised',
  'application.cleared',
  'application.approved',
  'application.reply-remade',
  'application.fee-charged',
  'application.fee-waived',
  'reconsideration.filed',
  'reconsideration.decided',
  'lawsuit.filed',
  'lawsuit.decided',
  'complaint.received',
  'complaint.decided',
  'site.checked',
  'normative-document.issued',
  'normative-document.repealed',
  'hotspot.answered',
  'press-conference.held',
  'interpretation.published',
  'delivery.made',
  'meeting.held',
  'training.held',
  'table.declared',
];

/**
 * What the read models take that hold every act whatever it is: the trail, the caseload, the agencies, the dates; that
 * of refusals takes none of them. A type of the service's own that comes to be taken for an act fails the test of the
 * catalogue.
 */
export const EVERY_ACT: readonly ActType[] = [
  ...ACTS_OF_NO_MODEL,
  'agency.permission-granted',
  'agency.permission-ended',
  'publication.drafted',
  'application.received',
  'application.supplement-requested',
  'application.supplemented',
  'application.third-party-consulted',
  'application.third-party-answered',
  'application.extended',
  'application.replied',
  'application.abandoned',
  'application.withdrawn',
  'calendar.announced',
  'report.compiled',
  'report.text-drafted',
  'report.text-revised',
  'report.cleared',
  'report.approved',
  'report.published',
  'record.voided',
  'record.erased',
];

/** What the service keeps of itself. */
export const NO_ACTS: readonly StoredType[] = ['access.granted', 'access.refused', 'refusal.kept', 'refusal.repeated', 'refusal.settled'];
