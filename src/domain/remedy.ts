/**
 * What follows an answer or a publication: reconsideration (行政复议), lawsuit (行政诉讼), complaint (举报投诉). Each is filed and decided once. 《政府信息公开条例》 2008
 * art. 33; 2019 art. 51. A case in which a reviewing organ is co-defendant counts for the original agency only (国办公开办函〔2021〕30号).
 */
import { alreadyExists, outOfOrder, unknownCase, type Act, type CaseRules, type Command, type DecisionContext } from './case.js';
import { accept, refuse, type Decision } from './decider.js';
import { parseCaseName, type CalendarDate, type Instant } from './values.js';

// ---- events -------------------------------------------------------------------------------------------------------------------------

export const REMEDIES = ['reconsideration', 'lawsuit', 'complaint'] as const;
export type RemedyKind = (typeof REMEDIES)[number];

export const RESULTS = ['upheld', 'corrected', 'other'] as const;
export const ROUTES = ['direct', 'after-reconsideration'] as const;
export const COURT_ROLES = ['defendant', 'co-defendant-reviewer'] as const;

export function isRemedy(kind: string): kind is RemedyKind {
  return (REMEDIES as readonly string[]).includes(kind);
}

// ---- state --------------------------------------------------------------------------------------------------------------------------

interface Filing {
  readonly eventId: string;
  readonly instant: Instant;
  readonly at: string;
  readonly on: CalendarDate;
  /** The application it is about, as `application/<number>`; null for one about a publication or about neither. */
  readonly application: string | null;
  /** Of lawsuits; null otherwise. */
  readonly route: string | null;
  readonly courtRole: string | null;
}

export interface Remedy {
  readonly filed: Filing | null;
  readonly decided: { readonly instant: Instant; readonly at: string } | null;
}

/** The decision of a remedy about this application; null where it is about something else or still pending. */
export function decisionAbout(view: Remedy, application: string): { readonly instant: Instant; readonly at: string } | null {
  return view.filed?.application === application ? view.decided : null;
}

// ---- evolve -------------------------------------------------------------------------------------------------------------------------

const opening = (kind: RemedyKind): string => (kind === 'complaint' ? 'complaint.received' : `${kind}.filed`);

function evolve(kind: RemedyKind, view: Remedy, act: Act): Remedy {
  if (act.type !== opening(kind)) return { ...view, decided: { instant: act.instant, at: act.at } };
  const { application, route, role } = act.data as { application?: string; route?: string; role?: string };
  return {
    ...view,
    filed: {
      eventId: act.eventId,
      instant: act.instant,
      at: act.at,
      on: act.on,
      application: application ?? null,
      route: route ?? null,
      courtRole: kind === 'lawsuit' ? (role ?? 'defendant') : null,
    },
  };
}

// ---- decide -------------------------------------------------------------------------------------------------------------------------

function decide(kind: RemedyKind, view: Remedy, command: Command, context: DecisionContext): Decision {
  if (command.type === opening(kind)) {
    if (view.filed !== null) return alreadyExists(command);
    const refused = refuseReferences(command, context);
    if (refused !== null) return refused;
    const { route = null, role } = command.data as { route?: string; role?: string };
    return accept({ basis: [], role: null, ...(kind === 'lawsuit' ? { route, courtRole: role ?? 'defendant' } : {}) });
  }
  const { filed } = view;
  if (filed === null) return unknownCase(command);
  if (view.decided !== null)
    return refuse('already-closed', `This case was decided on ${view.decided.at}.`, 'Void the decision first if it was wrong.');
  if (command.instant < filed.instant) return outOfOrder(command, 'A decision is not dated before the filing', filed);
  const { route, courtRole } = filed;
  return accept({ basis: [filed.eventId], role: null, filedOn: filed.on, ...(kind === 'lawsuit' ? { route, courtRole } : {}) });
}

/** At most one of an application and a publication, each of its kind and recorded in this agency. */
function refuseReferences({ data }: Command, context: DecisionContext): ReturnType<typeof refuse> | null {
  const named = (['application', 'publication'] as const).flatMap((kind) => {
    const name = data[kind] as string | undefined;
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

export const remedyRules: readonly CaseRules<Remedy>[] = REMEDIES.map((kind) => ({
  kind,
  types: [opening(kind), `${kind}.decided`],
  initial: { filed: null, decided: null },
  evolve: (view, act) => evolve(kind, view, act),
  decide: (view, command, context) => decide(kind, view, command, context),
  refuseErasure: () => null,
  describe: ({ filed, decided }) => ({ state: decided !== null ? 'decided' : filed !== null ? 'pending' : 'unknown', title: null }),
  standingAfter: (before, act) => ({ ...before, state: act.type === opening(kind) ? 'pending' : 'decided' }),
}));
