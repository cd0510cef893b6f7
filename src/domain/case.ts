/**
 * What every case has in common, whatever its kind: it knows each message it holds (so that a repeat is recognised
 * strictly), it is folded from its standing acts, and an act that nothing rests on can be taken back.
 */
import type { Act, ActOf, ActType, CaseActType, Command, CommandOf, FactsByType } from './acts.js';
import { accept, found, refuse, type Decision, type Found, type Refused } from './decider.js';
import { administratorRole, chainAt, holdsRole, type Agency } from './agency/state.js';
import { changedFirsts, NOT_STANDING, type CalendarUsed, type Firsts, type Standing } from './facts.js';
import type { Compiling } from './report/frozen-table.js';
import { isAmong } from './names.js';
import type { RecordType, VoidFacts } from './small-kinds/acts.js';
import type { Stands } from './standing.js';
import type { Grant } from './agency/permissions.js';
import { refuseUnattested, type SenderFacts } from './agency/attestation.js';
import type { TextCatalog } from './report/text.js';
import { yearOf } from '../time/calendar-date.js';
import type { Instant } from '../time/instant.js';
import type { WorkCalendar } from '../time/working-days.js';

/** The statistics year an act is of: that of its day, of a report (`2017`, `2017-rollup`) the year it is about. */
export function statisticsYear({ subject, on }: Pick<Act, 'subject' | 'on'>): number {
  return subject.kind === 'report' ? Number(subject.number.slice(0, 4)) : yearOf(on);
}

/** Facts of other streams that a decision may need. Read from the log by the caller, never guessed. */
export interface DecisionContext {
  /** The agency the act belongs to; `null` before it is registered. */
  readonly agency: Agency | null;
  /**
   * For `agency.registered` and `agency.changed`: the agency named as parent, and every agency above it, nearest first.
   */
  readonly parent?: { readonly agency: Agency | null; readonly lineage: readonly string[] };
  /** Names (`kind/number`) of the cases of the agency referred to by the act in which something stands. */
  readonly existingCases?: ReadonlySet<string>;
  /**
   * For an answer drafted or made again after the close: decided reconsiderations, lawsuits and complaints that name
   * this application.
   */
  readonly decisions?: readonly { readonly case: string; readonly instant: Instant; readonly at: string }[];
  /** For acts judged by working days: the calendar of the agency, and where it is from. */
  readonly calendar?: WorkCalendar;
  readonly calendarUsed?: CalendarUsed;
  /** For `report.compiled`: the table it freezes, as the log has it up to the index it names. */
  readonly compiling?: Compiling;
  /**
   * For `report.published`: the last signed checkpoint, with what the act rests on under it; null where nothing is
   * signed.
   */
  readonly checkpoint?: string | null;
  /** Absent = nobody is identified. */
  readonly sender?: SenderFacts;
  /** For `agency.permission-*`: every agency above, nearest first. */
  readonly above?: readonly Agency[];
  /**
   * For `agency.permission-granted` with `act`: grants of `act` of other agencies that reach an agency this one
   * reaches.
   */
  readonly grantsAround?: readonly Grant[];
  readonly forms: FormCatalog;
  readonly texts: TextCatalog;
}

/**
 * What the domain needs to know of the statistics forms. Implemented by the statistics engine, which the domain does
 * not import.
 */
export interface FormCatalog {
  isKnown(form: string): boolean;
  /** Whether the form prints this cell for the year; with `value` false a heading, which prints none, will do. */
  prints(form: string, year: number, cell: string, value: boolean): boolean;
  /** How a cell may be declared: decimals allowed and whether below zero; a string says why it may not. */
  declarable(
    form: string,
    cell: string,
  ): { readonly scale: number; readonly negative: boolean } | 'unknown-form' | 'unknown-cell' | 'cell-not-declarable';
  /**
   * Whether a value, as the form prints it, is a number the cell may hold. False for a cell that may not be declared.
   */
  takes(form: string, cell: string, value: string): boolean;
}

/**
 * The rules of one kind of case. `View` is the state folded from the standing acts, in the order of recording; `Type`
 * are the types of the kind.
 */
export interface CaseRules<View, Type extends CaseActType = CaseActType> extends Stands<Type> {
  readonly kind: string;
  readonly initial: View;
  evolve(view: View, act: ActOf<Type>): View;
  decide(view: View, command: CommandOf<Type>, context: DecisionContext): Decision<FactsByType[Type]>;
  /** The date of the first act per slot; an empty map for kinds without any. */
  firsts?(view: View): Firsts;
  /** Facts that counting a void of this kind needs beside the firsts (rank of the item, the figure left in force). */
  voidFacts?(before: View, after: View, target: ActOf<Type>): VoidFacts;
  /** Types that can never be taken back. */
  readonly notVoidable?: ReadonlySet<ActType>;
  /** An act that rests on `target` other than through `basis`. */
  dependent?(standing: readonly ActOf<Type>[], target: ActOf<Type>): ActOf<Type> | undefined;
  /** Why the case cannot be erased as it stands; null where it can. Absent for kinds that have nothing sealed. */
  refuseErasure?(view: View, command: CommandOf<'record.erased'>): Refused | null;
}

/** An act of a kind of its own: no void and no erasure. */
export type CaseAct = ActOf<CaseActType>;

export interface CaseState<View> {
  readonly acts: readonly Act[];
  /** Event id of an act → event id of the void that took it back. */
  readonly voided: ReadonlyMap<string, string>;
  readonly byEventId: ReadonlyMap<string, Act>;
  /** The act that erased the case's sealed fields; null while they can be read. */
  readonly erased: Act | null;
  readonly view: View;
}

export function emptyCase<View>(rules: CaseRules<View>): CaseState<View> {
  return { acts: [], voided: new Map(), byEventId: new Map(), erased: null, view: rules.initial };
}

/** The event ids an act rests on, as its decision recorded them. */
export function basisOf({ derived }: Pick<Act, 'derived'>): readonly string[] {
  return derived.basis ?? [];
}

/**
 * Folds one recorded act in. A void folds the case anew from the acts that still stand: the state is that of never
 * having had the act.
 */
export function evolveCase<View>(rules: CaseRules<View>, state: CaseState<View>, act: Act): CaseState<View> {
  const acts = [...state.acts, act];
  const byEventId = new Map(state.byEventId).set(act.eventId, act);
  if (act.type === 'record.erased') return { ...state, acts, byEventId, erased: act };
  if (act.type !== 'record.voided') return { ...state, acts, byEventId, view: rules.evolve(state.view, act) };
  const voided = new Map(state.voided).set(act.derived.voided.eventId, act.eventId);
  return { ...state, acts, byEventId, voided, view: foldStanding(rules, { acts, voided }) };
}

/** Folds a whole stream; equal to `evolveCase` act by act, without copying the list at each. */
export function foldCase<View>(rules: CaseRules<View>, history: Iterable<Act>): CaseState<View> {
  const acts = [...history];
  const voided = new Map<string, string>();
  for (const act of acts) if (act.type === 'record.voided') voided.set(act.derived.voided.eventId, act.eventId);
  const erased = acts.find(({ type }) => type === 'record.erased') ?? null;
  const byEventId = new Map(acts.map((act) => [act.eventId, act]));
  return { acts, voided, byEventId, erased, view: foldStanding(rules, { acts, voided }) };
}

type Recorded = Pick<CaseState<unknown>, 'acts' | 'voided'>;

/** Whether anything of the case stands: there may be nothing but acts that were taken back. */
export function stands(recorded: Recorded): boolean {
  return standingActs(recorded).length > 0;
}

/** The acts of a case that nobody took back, in the order of recording; neither voids nor erasures are among them. */
export function standingActs({ acts, voided }: Recorded): CaseAct[] {
  return acts.filter(isCaseAct).filter(({ eventId }) => !voided.has(eventId));
}

function isCaseAct(act: Act): act is CaseAct {
  return act.type !== 'record.voided' && act.type !== 'record.erased';
}

/** Where a case stands, for people: what its standing acts make of it, one after the other. */
export function standingOf<View>(rules: CaseRules<View>, recorded: Recorded): Standing {
  return standingActs(recorded).reduce((before, act) => rules.standingAfter(before, act), NOT_STANDING);
}

function foldStanding<View>(rules: CaseRules<View>, recorded: Recorded): View {
  return standingActs(recorded).reduce((view, act) => rules.evolve(view, act), rules.initial);
}

interface Deciding<T extends ActType> {
  readonly command: CommandOf<T>;
  readonly context: DecisionContext;
}

export function decideCase<View>(
  rules: CaseRules<View>,
  state: CaseState<View>,
  command: Command,
  context: DecisionContext,
): Decision<FactsByType[ActType]> {
  const unattested = refuseUnattested(command, context.agency, context.sender);
  if (unattested !== null) return unattested;
  if (command.type === 'record.voided') return decideVoid(rules, state, { command, context });
  if (state.erased !== null) {
    return refuse(
      'already-erased',
      `The sealed texts of this case were erased on ${state.erased.at}.`,
      'An erased case takes only voids; open another case for what goes on.',
    );
  }
  return command.type === 'record.erased' ? decideErasure(rules, state, { command, context }) : rules.decide(state.view, command, context);
}

/**
 * Erasing the sealed fields of a case for good, whatever else stands in it: no figure changes. Approved as a void is,
 * by somebody else than the sender. 《个人信息保护法》 art. 47.
 */
function decideErasure<View>(
  rules: CaseRules<View>,
  state: CaseState<View>,
  { command, context }: Deciding<'record.erased'>,
): Decision<FactsByType['record.erased']> {
  if (rules.refuseErasure === undefined) {
    return refuse('bad-subject', `Nothing of a case ${rules.kind}/… is sealed.`, 'Only cases that hold sealed texts are erased.');
  }
  if (state.acts.length === 0) return unknownCase(command);
  const refused = rules.refuseErasure(state.view, command) ?? refuseApprover(command, null, context.agency);
  return refused ?? accept({ basis: [], role: null });
}

/**
 * Taking an act back. Refused where a later standing act rests on it; needs an approver who is neither the one who
 * voids nor the one whose act it was. What was counted once on the earliest act moves to the earliest that still
 * stands.
 */
function decideVoid<View>(
  rules: CaseRules<View>,
  state: CaseState<View>,
  { command, context }: Deciding<'record.voided'>,
): Decision<FactsByType['record.voided']> {
  const named = voidable(rules, state, command);
  if (!named.ok) return named;
  const target = named.value;
  const stand = standingActs(state);
  const dependent = stand.find((act) => basisOf(act).includes(target.eventId)) ?? rules.dependent?.(stand, target);
  if (dependent !== undefined) {
    return refuse('depended-upon', `A later act rests on it: ${dependent.type} of ${dependent.at}.`, 'Void the later act first.', {
      type: dependent.type,
      source: dependent.source,
      id: dependent.messageId,
    });
  }
  const independent = refuseApprover(command, target, context.agency);
  if (independent !== null) return independent;
  const without = { acts: state.acts, voided: new Map(state.voided).set(target.eventId, command.eventId) };
  const after = foldStanding(rules, without);
  const facts = rules.voidFacts?.(state.view, after, target) ?? {};
  return accept({
    voided: { eventId: target.eventId, type: target.type, on: target.on, actor: target.actor },
    firsts: changedFirsts(rules.firsts?.(state.view), rules.firsts?.(after)),
    leaves: standingOf(rules, without),
    ...facts,
  });
}

/** The act a void names: one of this case that can be taken back, still stands, and was done before. */
function voidable<View>(rules: CaseRules<View>, state: CaseState<View>, command: CommandOf<'record.voided'>): Found<CaseAct> {
  const target = command.target === undefined ? undefined : state.byEventId.get(command.target);
  if (target === undefined) {
    return refuse(
      'unknown-message',
      'This case holds no message of that source and id.',
      'Name a message recorded under the same subject; source defaults to that of the void itself.',
    );
  }
  if (!isCaseAct(target) || rules.notVoidable?.has(target.type) === true) {
    return refuse(
      'not-voidable',
      `An act of type ${target.type} cannot be taken back.`,
      'Record the act that corrects it instead (a change, an end, a restatement).',
    );
  }
  const by = state.voided.get(target.eventId);
  if (by !== undefined) {
    return refuse(
      'already-voided',
      'That act was already taken back.',
      'Nothing is left to void; to undo a void send the act again under a new id.',
      { voidedBy: by },
    );
  }
  if (command.instant < target.instant) {
    return refuse('out-of-order', 'An act cannot be taken back before it happened.', `Date the void ${target.at} or later.`);
  }
  return found(target);
}

/** The approver of a void, or without a target of an erasure. */
function refuseApprover(command: CommandOf<RecordType>, target: Act | null, agency: Agency | null): Refused | null {
  const approver = command.data.approvedBy;
  if (isAmong(approver, [command.actor, ...(target === null ? [] : [target.actor])], 'person')) {
    return refuse(
      'approver-not-independent',
      target === null
        ? 'Whoever approves an erasure is not the one who erases.'
        : 'Whoever approves a void is neither the one who voids nor the one whose act it was.',
      'Have somebody else approve it.',
    );
  }
  const chain = agency === null ? null : chainAt(agency, command.instant);
  const role = chain?.approver?.role ?? administratorRole;
  if (agency === null || !holdsRole(agency, approver, role, command.on)) {
    return refuse(
      'missing-role',
      `${approver} does not hold the role ${role} on ${command.on}.`,
      'A void or an erasure is approved by a holder of the approver’s role on that day (an administrator where the chain is empty).',
      { role },
    );
  }
  return null;
}

/**
 * The refusal of an act on a closed case: a second close, or an act that arrives late or comes after it. `null` where
 * the case is open.
 */
export function refuseClosed(
  closed: { readonly instant: Instant; readonly at: string; readonly code: 'rejected' | 'withdrawn' | 'not-open' } | null,
  command: Command,
  closes: boolean,
): Refused | null {
  if (closed === null) return null;
  if (closes)
    return refuse(
      'already-closed',
      `This case was closed on ${closed.at}.`,
      'A case is closed once; void the close first if it was wrong.',
    );
  if (command.instant < closed.instant) {
    return refuse(
      'case-closed',
      `This act is dated before the close of ${closed.at} and arrives after it.`,
      'Void the close, record this act, then close the case again.',
    );
  }
  return refuse(closed.code, `This case was closed on ${closed.at}.`, 'Void the close if it was wrong, or open another case.');
}

/** Of an agency that is not registered; everything else of it is decided after its registration. */
export function unknownAgency({ agency }: Pick<Command, 'agency'>): Refused {
  return refuse('unknown-agency', `Agency ${agency} is not registered.`, 'Send agency.registered first.');
}

export function unknownForm(form: string): Refused {
  return refuse('unknown-form', `There is no form ${form}.`, 'docs/contract/forms.md lists the forms.', { form });
}

export function unknownCase(command: Command): Refused {
  return refuse(
    'unknown-case',
    `Nothing is recorded under ${command.subject.kind}/${command.subject.number}.`,
    'Send the act that begins this case first, or correct the subject.',
  );
}

export function alreadyExists(command: Command): Refused {
  return refuse(
    'already-exists',
    `${command.subject.kind}/${command.subject.number} already holds such an act.`,
    'Use another number, or void the recorded act first.',
  );
}

export function outOfOrder(command: Command, what: string, than: { readonly at: string }): Refused {
  return refuse('out-of-order', `${what} (${than.at}).`, 'Correct the time of the act, or record the earlier acts with their true times.', {
    time: command.at,
    notBefore: than.at,
  });
}
