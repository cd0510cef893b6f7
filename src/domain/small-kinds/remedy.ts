/**
 * What follows an answer or a publication: reconsideration (行政复议), lawsuit (行政诉讼), complaint (举报投诉). Each is filed and
 * decided once. 《政府信息公开条例》 2008 art. 33; 2019 art. 51. A case in which a reviewing organ is co-defendant counts for the
 * original agency only (国办公开办函〔2021〕30号).
 */
import type { ActOf, CommandOf, FactsByType, RecordedData } from '../acts.js';
import { alreadyExists, outOfOrder, unknownCase, type CaseRules, type DecisionContext } from '../case.js';
import { accept, refuse, type Decision, type Refused } from '../decider.js';
import type { InCourt, RemedyType } from './acts.js';
import { standingBy } from '../standing.js';
import { parseCaseName } from '../identifiers.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { Instant } from '../../time/instant.js';

// ---- kinds ----------------------------------------------------------------------------------------------------------

export const REMEDIES = ['reconsideration', 'lawsuit', 'complaint'] as const;
export type RemedyKind = (typeof REMEDIES)[number];

export function isRemedy(kind: string): kind is RemedyKind {
  return REMEDIES.some((remedy) => remedy === kind);
}

type FilingType = 'reconsideration.filed' | 'lawsuit.filed' | 'complaint.received';
type DecidingType = Exclude<RemedyType, FilingType>;

// ---- state ----------------------------------------------------------------------------------------------------------

interface Filing {
  readonly eventId: string;
  readonly instant: Instant;
  readonly at: string;
  readonly on: CalendarDate;
  /** The application it is about, as `application/<number>`; null for one about a publication or about neither. */
  readonly application: string | null;
  /** Empty but for a lawsuit. */
  readonly court: InCourt;
}

export interface Remedy {
  readonly filed: Filing | null;
  readonly decided: { readonly instant: Instant; readonly at: string } | null;
}

/** The decision of a remedy about this application; null where it is about something else or still pending. */
export function decisionAbout(view: Remedy, application: string): { readonly instant: Instant; readonly at: string } | null {
  return view.filed?.application === application ? view.decided : null;
}

// ---- evolve ---------------------------------------------------------------------------------------------------------

function evolve(view: Remedy, act: ActOf<RemedyType>): Remedy {
  switch (act.type) {
    case 'reconsideration.filed':
    case 'complaint.received':
      return { ...view, filed: filing(act, {}) };
    case 'lawsuit.filed':
      return { ...view, filed: filing(act, inCourt(act.data)) };
    case 'reconsideration.decided':
    case 'lawsuit.decided':
    case 'complaint.decided':
      return { ...view, decided: { instant: act.instant, at: act.at } };
  }
}

function inCourt({ route, role = 'defendant' }: RecordedData<'lawsuit.filed'>): Required<InCourt> {
  return { route, courtRole: role };
}

function filing({ eventId, instant, at, on, data }: ActOf<FilingType>, court: InCourt): Filing {
  return { eventId, instant, at, on, application: data.application ?? null, court };
}

// ---- decide ---------------------------------------------------------------------------------------------------------

function decide(view: Remedy, command: CommandOf<RemedyType>, context: DecisionContext): Decision<FactsByType[RemedyType]> {
  switch (command.type) {
    case 'reconsideration.filed':
    case 'lawsuit.filed':
    case 'complaint.received':
      return decideFiled(view, command, context);
    case 'reconsideration.decided':
    case 'lawsuit.decided':
    case 'complaint.decided':
      return decideDecided(view, command);
  }
}

function decideFiled(view: Remedy, command: CommandOf<FilingType>, context: DecisionContext): Decision<FactsByType[FilingType]> {
  if (view.filed !== null) return alreadyExists(command);
  const refused = refuseReferences(command, context);
  if (refused !== null) return refused;
  return accept({ basis: [], role: null, ...(command.type === 'lawsuit.filed' ? inCourt(command.data) : {}) });
}

function decideDecided({ filed, decided }: Remedy, command: CommandOf<DecidingType>): Decision<FactsByType[DecidingType]> {
  if (filed === null) return unknownCase(command);
  if (decided !== null)
    return refuse('already-closed', `This case was decided on ${decided.at}.`, 'Void the decision first if it was wrong.');
  if (command.instant < filed.instant) return outOfOrder(command, 'A decision is not dated before the filing', filed);
  return accept({ basis: [filed.eventId], role: null, filedOn: filed.on, ...filed.court });
}

/** At most one of an application and a publication, each of its kind and recorded in this agency. */
function refuseReferences({ data }: CommandOf<FilingType>, context: DecisionContext): Refused | null {
  const named = (['application', 'publication'] as const).flatMap((kind) => {
    const name = data[kind];
    return name === undefined ? [] : [{ kind, name }];
  });
  const [first, second] = named;
  if (first === undefined) return null;
  if (second !== undefined) {
    return refuse('invalid-data', 'A case is about an application or a publication, not about both.', 'Name one of them.');
  }
  if (parseCaseName(first.name)?.kind === first.kind && context.existingCases?.has(first.name) === true) return null;
  return refuse(
    'wrong-reference',
    `There is no ${first.kind} ${first.name} in this agency.`,
    `Name a recorded ${first.kind} of the same agency as "${first.kind}/number", or leave it out.`,
    { reference: first.name },
  );
}

const RULES = { initial: { filed: null, decided: null }, evolve, decide, refuseErasure: () => null };
const pending = () => ({ state: 'pending', title: null });
const decided = () => ({ state: 'decided', title: null });

export const remedyRules: readonly CaseRules<Remedy, RemedyType>[] = [
  { kind: 'reconsideration', ...standingBy({ 'reconsideration.filed': pending, 'reconsideration.decided': decided }), ...RULES },
  { kind: 'lawsuit', ...standingBy({ 'lawsuit.filed': pending, 'lawsuit.decided': decided }), ...RULES },
  { kind: 'complaint', ...standingBy({ 'complaint.received': pending, 'complaint.decided': decided }), ...RULES },
];
