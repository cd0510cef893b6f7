/**
 * given / when / then over the pure domain: acts that were recorded, an act that is tried, and what the decision must
 * say. Every given act goes through the decider itself, so no test stands on a history that could not be.
 */
import { inspect, isDeepStrictEqual } from 'node:util';
import { CHINA_CALENDAR, chinaCalendar } from '../../src/calendars/china.js';
import type { Act, Command } from '../../src/domain/acts.js';
import { agencyRules } from '../../src/domain/agency/rules.js';
import type { Agency, AgencyView } from '../../src/domain/agency/state.js';
import { decideCase, emptyCase, evolveCase, type CaseRules, type CaseState } from '../../src/domain/case.js';
import type { DecisionContext } from '../../src/domain/case.js';
import type { Decision, Derived } from '../../src/domain/decider.js';
import type { RefusalCode } from '../../src/domain/refusal-codes.js';
import { dateInShanghai, parseInstant } from '../../src/time/instant.js';
import { flawsOf } from '../../src/prose/officer-text.js';
import { formCatalog } from '../../src/statistics/forms/registry.js';

/**
 * An act as a test writes it. `id` names the event (later acts and voids refer to it); `voids` is the id a
 * `record.voided` takes back.
 */
export interface Doing {
  readonly actor: string;
  readonly type: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly id?: string;
  readonly voids?: string;
}

export function does(
  actor: string,
  type: string,
  at: string,
  data: Record<string, unknown> = {},
  more: Pick<Doing, 'id' | 'voids'> = {},
): Doing {
  return { actor, type, at, data, ...more };
}

/** What the decision may know beside the case itself. For cases of the kind `agency` the agency is the case. */
export interface World {
  readonly agency?: Agency | null;
  /** Number of the case; `1` unless it must be another. */
  readonly number?: string;
  readonly parent?: DecisionContext['parent'];
  readonly existingCases?: readonly string[];
  /** Decided reconsiderations, lawsuits and complaints about the case; none if left out. */
  readonly decisions?: NonNullable<DecisionContext['decisions']>;
  /** The table a report is compiled from, and the checkpoint it is published under; none if left out. */
  readonly compiling?: DecisionContext['compiling'];
  readonly checkpoint?: string;
}

/** What a decision by working days names as its calendar: the built-in years, nothing announced. */
export const BUILT_IN = { builtIn: CHINA_CALENDAR, announced: [] };

export const CODE = 'test-agency';

export function specification<View>(rules: CaseRules<View>, world: World = {}): Given<View> {
  return new Given(rules, world, emptyCase(rules));
}

export class Given<View> {
  constructor(
    readonly rules: CaseRules<View>,
    readonly world: World,
    readonly state: CaseState<View>,
  ) {}

  /** Records acts. Throws where one of them is refused: such a history could not be. */
  given(...acts: readonly Doing[]): Given<View> {
    return acts.reduce<Given<View>>((before, doing) => {
      const outcome = before.when(doing);
      if (!outcome.decision.ok) {
        throw new Error(`given ${doing.type} (${doing.id ?? doing.at}) was refused: ${describeDecision(outcome.decision)}`);
      }
      return outcome.recorded();
    }, this);
  }

  /** The same history in another world: after a change of the agency. */
  in(world: World): Given<View> {
    return new Given(this.rules, { ...this.world, ...world }, this.state);
  }

  when(doing: Doing): Outcome<View> {
    const command = this.#command(doing);
    const agency = this.rules.kind === 'agency' ? (this.state.view as AgencyView) : (this.world.agency ?? null);
    const context: DecisionContext = {
      agency,
      forms: formCatalog,
      texts: { flaws: flawsOf },
      existingCases: new Set(this.world.existingCases ?? []),
      decisions: this.world.decisions ?? [],
      calendar: chinaCalendar,
      calendarUsed: BUILT_IN,
      ...(this.world.compiling === undefined ? {} : { compiling: this.world.compiling }),
      checkpoint: this.world.checkpoint ?? null,
      ...(this.world.parent === undefined ? {} : { parent: this.world.parent }),
    };
    return new Outcome(this, command, decideCase(this.rules, this.state, command, context));
  }

  #command({ actor, type, at, data, id, voids }: Doing): Command {
    const instant = parseInstant(at);
    if (instant === null) throw new Error(`not a time: ${at}`);
    return {
      type,
      eventId: id ?? `${type}#${this.state.acts.length}`,
      agency: CODE,
      subject: { kind: this.rules.kind, number: this.rules.kind === 'agency' ? CODE : (this.world.number ?? '1') },
      at,
      instant,
      on: dateInShanghai(instant),
      actor,
      data,
      ...(voids === undefined ? {} : { target: voids }),
    } as Command;
  }
}

export class Outcome<View> {
  constructor(
    readonly before: Given<View>,
    readonly command: Command,
    readonly decision: Decision,
  ) {}

  /** Accepted with exactly these derived facts. */
  then(derived: Derived): Given<View> {
    const found = this.#accepted();
    if (!isDeepStrictEqual(found, derived)) {
      throw new Error(`derived facts differ.\nexpected ${inspect(derived, { depth: 8 })}\nfound ${inspect(found, { depth: 8 })}`);
    }
    return this.recorded();
  }

  /** Accepted, with these among the derived facts. Without any: accepted. */
  accepted(some: Derived = {}): Given<View> {
    const found = this.#accepted();
    const differing = Object.keys(some).filter((key) => !isDeepStrictEqual(found[key], some[key]));
    if (differing.length > 0) {
      throw new Error(differing.map((key) => `derived.${key}: expected ${inspect(some[key])}, found ${inspect(found[key])}`).join('\n'));
    }
    return this.recorded();
  }

  /** Refused with this code, a message, a hint, and these among its details. */
  refused(code: RefusalCode, details: Readonly<Record<string, unknown>> = {}): Given<View> {
    const { decision } = this;
    if (decision.ok) throw new Error(`${this.command.type} was accepted; expected the refusal ${code}`);
    const { refusal } = decision;
    if (refusal.code !== code) throw new Error(`expected the refusal ${code}, found ${describeDecision(decision)}`);
    if (refusal.message === '' || refusal.hint === '') throw new Error(`the refusal ${code} says nothing`);
    for (const [key, value] of Object.entries(details)) {
      if (!isDeepStrictEqual(refusal.details?.[key], value)) {
        throw new Error(`details.${key} of ${code}: expected ${inspect(value)}, found ${inspect(refusal.details?.[key])}`);
      }
    }
    return this.before;
  }

  /** The case with the act in it. */
  recorded(): Given<View> {
    const { rules, state, world } = this.before;
    const { target: _target, ...command } = this.command;
    const revision = state.acts.length;
    const act = {
      ...command,
      source: '/test',
      messageId: command.eventId,
      digest: command.eventId,
      derived: this.#accepted(),
      revision,
      position: String(revision + 1),
    } as Act;
    return new Given(rules, world, evolveCase(rules, state, act));
  }

  #accepted(): Derived {
    if (!this.decision.ok) throw new Error(`${this.command.type} was refused: ${describeDecision(this.decision)}`);
    return this.decision.derived;
  }
}

function describeDecision(decision: Decision): string {
  return decision.ok ? 'accepted' : `${decision.refusal.code} (${decision.refusal.message})`;
}

/** An agency as its own acts leave it. */
export function agencyWith(...acts: readonly Doing[]): Agency {
  const { view } = specification(agencyRules).given(...acts).state;
  if (view === null) throw new Error('the acts register no agency');
  return view;
}

export const REGISTERED = does('root', 'agency.registered', '2010-01-01T09:00:00+08:00', { name: '某县商务局', administrator: 'root' });

export function assigned(actor: string, role: string, at = '2010-01-01T10:00:00+08:00', by = 'root'): Doing {
  return does(by, 'agency.role-assigned', at, { actor, role });
}

export function ended(actor: string, role: string, at: string, by = 'root'): Doing {
  return does(by, 'agency.role-ended', at, { actor, role });
}

export const OFFICE = { step: 'office', role: 'office-reviewer', unit: '办公室' };
export const REGULATIONS = { step: 'regulations', role: 'regulations-reviewer', unit: '综合法规科' };
export const LEADER = { role: 'deputy-leader', unit: '分管领导' };

export function chainSet(at: string, steps: readonly object[] = [OFFICE, REGULATIONS], approver: object | null = LEADER): Doing {
  return does('root', 'agency.clearance-chain-set', at, { steps, ...(approver === null ? {} : { approver }) });
}

/**
 * Everybody holds the role his name says from 2010-01-01 on; two people per step, so that somebody else is always at
 * hand.
 */
export const STAFF: readonly Doing[] = [
  REGISTERED,
  assigned('second-root', 'administrator'),
  assigned('office', 'office-reviewer'),
  assigned('office-2', 'office-reviewer'),
  assigned('lawyer', 'regulations-reviewer'),
  assigned('lawyer-2', 'regulations-reviewer'),
  assigned('leader', 'deputy-leader'),
  assigned('leader-2', 'deputy-leader'),
];

/**
 * Staff and the chain office → regulations, approved by a deputy leader; more acts of the agency after it where a test
 * needs them.
 */
export function standardAgency(...more: readonly Doing[]): Agency {
  return agencyWith(...STAFF, chainSet('2010-01-02T09:00:00+08:00'), ...more);
}

/** Staff and a chain that is explicitly empty. */
export function unreviewedAgency(...more: readonly Doing[]): Agency {
  return agencyWith(...STAFF, chainSet('2010-01-02T09:00:00+08:00', [], null), ...more);
}
