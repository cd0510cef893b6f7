/**
 * An agency (行政机关): its registration, clearance chain, role holders, yearly declared figures. Everything a decision on another case needs
 * to know of the agency is folded here.
 */
import {
  administratorRole,
  chainAt,
  holdsRole,
  type Agency,
  type AgencyProfile,
  type ProfileChange,
  type Approver,
  type ClearanceStep,
  type DeclaredFigure,
  type Reporting,
} from './state.js';
import { outOfOrder, type Act, type CaseRules, type Command, type DecisionContext } from '../case.js';
import { accept, refuse, type Decision, type Derived } from '../decider.js';
import { isSameName, isSameOffice } from '../names.js';
import { dateInShanghai, type CalendarDate } from '../values.js';

// ---- events -------------------------------------------------------------------------------------------------------------------------

/** Forms an agency reports on unless it says otherwise: one after the other, by year. */
export const DEFAULT_FORMS = ['2014-shandong', '2019', '2021'] as const;

export type AgencyType =
  | 'agency.registered'
  | 'agency.changed'
  | 'agency.clearance-chain-set'
  | 'agency.role-assigned'
  | 'agency.role-ended'
  | 'agency.figure-declared';

interface ProfileData {
  readonly name?: string;
  readonly parent?: string;
  readonly reporting?: Reporting;
  readonly forms?: readonly string[];
  readonly from?: CalendarDate;
}

/** What a registration left open, as decided when it was recorded: a default may change, what was decided never does. */
type DecidedProfile = Pick<AgencyProfile, 'reporting' | 'forms'>;

// ---- state --------------------------------------------------------------------------------------------------------------------------

export type AgencyView = Agency | null;

// ---- evolve -------------------------------------------------------------------------------------------------------------------------

function evolve(view: AgencyView, act: Act): AgencyView {
  const type = act.type as AgencyType;
  if (view === null) {
    if (type !== 'agency.registered') throw new Error(`${type} before agency.registered in the stored history`);
    const administrator = act.data['administrator'] as string;
    return {
      code: act.agency,
      registeredAt: { instant: act.instant, at: act.at },
      registered: registeredProfile(act),
      changes: [],
      chains: [],
      roles: [{ actor: administrator, role: administratorRole, kind: 'assigned', on: act.on, instant: act.instant }],
      figures: [],
    };
  }
  switch (type) {
    case 'agency.registered':
      throw new Error('agency.registered twice in the stored history');
    case 'agency.changed':
      return { ...view, changes: [...view.changes, profileChange(act)] };
    case 'agency.clearance-chain-set': {
      const { steps, approver } = act.data as { steps: readonly ClearanceStep[]; approver?: Approver };
      return {
        ...view,
        chains: [...view.chains, { steps, approver: approver ?? null, eventId: act.eventId, instant: act.instant, at: act.at }],
      };
    }
    case 'agency.role-assigned':
    case 'agency.role-ended': {
      const { actor, role } = act.data as { actor: string; role: string };
      const kind = type === 'agency.role-assigned' ? 'assigned' : 'ended';
      return { ...view, roles: [...view.roles, { actor, role, kind, on: act.on, instant: act.instant }] };
    }
    case 'agency.figure-declared':
      return { ...view, figures: [...view.figures, { eventId: act.eventId, ...(act.data as unknown as Omit<DeclaredFigure, 'eventId'>) }] };
  }
}

/** What a registration says, and what was decided of what it left open. */
export function registeredProfile(act: Pick<Act, 'data' | 'derived' | 'on'>): AgencyProfile {
  const { name, parent } = act.data as unknown as ProfileData & { name: string };
  const { reporting, forms } = act.derived['profile'] as DecidedProfile;
  return { from: act.on, name, parent: parent ?? null, reporting, forms };
}

export function profileChange(act: Pick<Act, 'data' | 'on'>): ProfileChange {
  const { from, ...changes } = act.data as ProfileData;
  return { from: from ?? act.on, changes };
}

// ---- decide -------------------------------------------------------------------------------------------------------------------------

function decide(view: AgencyView, command: Command, context: DecisionContext): Decision {
  const type = command.type as AgencyType;
  if (type === 'agency.registered') return decideRegistered(view, command, context);
  if (view === null) {
    return refuse('unknown-agency', `Agency ${command.agency} is not registered.`, 'Send agency.registered first.');
  }
  if (command.instant < view.registeredAt.instant) {
    return outOfOrder(command, 'An act of an agency is not dated before its registration', view.registeredAt);
  }
  switch (type) {
    case 'agency.changed':
      return decideChanged(view, command, context);
    case 'agency.clearance-chain-set':
      return decideChainSet(view, command);
    case 'agency.role-assigned':
    case 'agency.role-ended':
      return decideRole(view, command);
    case 'agency.figure-declared':
      return decideFigure(view, command, context);
  }
}

/** The refusal of an act that only an administrator of the agency does; null where the actor is one on that day. */
export function notAdministrator(agency: Agency, command: Command): ReturnType<typeof refuse> | null {
  if (holdsRole(agency, command.actor, administratorRole, command.on)) return null;
  return refuse(
    'not-administrator',
    `${command.actor} is no administrator of ${agency.code} on ${command.on}.`,
    'The administrator named at registration, or one assigned since, does this.',
  );
}

function refuseForms(forms: readonly string[] | undefined, context: DecisionContext): ReturnType<typeof refuse> | null {
  const unknown = forms?.find((form) => !context.forms.isKnown(form));
  return unknown === undefined
    ? null
    : refuse('unknown-form', `There is no form ${unknown}.`, 'Name forms listed in the README.', { form: unknown });
}

/** A parent must be registered, be another agency and not be below this one; only an administrator of it takes somebody under it. */
function refuseParent(command: Command, context: DecisionContext): ReturnType<typeof refuse> | null {
  const code = command.data['parent'] as string | undefined;
  if (code === undefined) return null;
  const parent = context.parent;
  if (parent === undefined || parent.agency === null || code === command.agency || parent.lineage.includes(command.agency)) {
    return refuse(
      'unknown-parent',
      `${code} cannot be the parent of ${command.agency}.`,
      'Name a registered agency that is neither this one nor below it.',
      { parent: code },
    );
  }
  return notAdministrator(parent.agency, command);
}

function decideRegistered(view: AgencyView, command: Command, context: DecisionContext): Decision {
  if (view !== null)
    return refuse(
      'already-registered',
      `Agency ${command.agency} is already registered.`,
      'Use agency.changed for a new name, parent or forms.',
    );
  const refused = refuseForms(command.data['forms'] as string[] | undefined, context) ?? refuseParent(command, context);
  if (refused !== null) return refused;
  const { reporting, forms } = command.data as ProfileData;
  const profile: DecidedProfile = { reporting: reporting ?? 'included', forms: forms ?? DEFAULT_FORMS };
  return accept({ basis: [], role: null, profile });
}

function decideChanged(agency: Agency, command: Command, context: DecisionContext): Decision {
  const { forms } = command.data as ProfileData;
  const refused = notAdministrator(agency, command) ?? refuseForms(forms, context) ?? refuseParent(command, context);
  return refused ?? accept({ basis: [], role: administratorRole });
}

function decideChainSet(agency: Agency, command: Command): Decision {
  const refused = notAdministrator(agency, command);
  if (refused !== null) return refused;
  const { steps, approver } = command.data as { steps: readonly ClearanceStep[]; approver?: Approver };
  if ((steps.length === 0) !== (approver === undefined)) {
    return refuse(
      'incomplete-chain',
      'Steps and approver are both given or both empty.',
      'Give the approver beside the steps, or neither for an explicitly empty chain.',
    );
  }
  const names = steps.map(({ step }) => step);
  if (new Set(names).size !== names.length) {
    return refuse('incomplete-chain', 'Two steps have the same name.', 'Each step of a chain has a name of its own.', { steps: names });
  }
  const previous = chainAt(agency, command.instant);
  // Recorded late, it comes between two chains: what the later one changed is then another thing.
  const next = [...agency.chains].sort((a, b) => a.instant - b.instant).find((chain) => chain.instant > command.instant);
  return accept({
    basis: [],
    role: administratorRole,
    previous: previous === null ? null : { steps: previous.steps, approver: previous.approver },
    next: next === undefined ? null : { at: next.at, on: dateInShanghai(next.instant), steps: next.steps, approver: next.approver },
  });
}

function decideRole(agency: Agency, command: Command): Decision {
  const refused = notAdministrator(agency, command);
  if (refused !== null) return refused;
  const { actor, role } = command.data as { actor: string; role: string };
  if (command.type === 'agency.role-assigned') {
    if (isSameName(actor, command.actor, 'person'))
      return refuse('self-assignment', 'Nobody assigns a role to himself.', 'Another administrator assigns it.');
    return accept({ basis: [], role: administratorRole });
  }
  if (!holdsRole(agency, actor, role, command.on)) {
    return refuse('missing-role', `${actor} does not hold the role ${role} on ${command.on}.`, 'Only a role that is held can end.', {
      role,
    });
  }
  const others = new Set(
    agency.roles
      .filter((change) => isSameOffice(change.role, administratorRole) && !isSameName(change.actor, actor, 'person'))
      .map((change) => change.actor),
  );
  if (role === administratorRole && ![...others].some((other) => holdsRole(agency, other, administratorRole, '9999-12-31'))) {
    return refuse('not-administrator', 'The agency would be left without an administrator.', 'Assign another administrator first.');
  }
  return accept({ basis: [], role: administratorRole });
}

/** Figures that no act stands for (staff, budget, reading points). Declaring again replaces: the last recorded holds. */
function decideFigure(agency: Agency, command: Command, context: DecisionContext): Decision {
  const { year, form, cell, value } = command.data as unknown as DeclaredFigure;
  const declarable = context.forms.declarable(form, cell);
  switch (declarable) {
    case 'unknown-form':
      return refuse('unknown-form', `There is no form ${form}.`, 'Name a form listed in the README.', { form });
    case 'unknown-cell':
      return refuse('unknown-cell', `Form ${form} has no cell ${cell}.`, 'Cells are named as the table prints them.', { form, cell });
    case 'cell-not-declarable':
      return refuse(
        'cell-not-declarable',
        `Cell ${cell} of form ${form} is counted or computed, never declared.`,
        'Record the acts it counts.',
        { form, cell },
      );
    default: {
      if (!context.forms.takes(form, cell, value)) {
        const { scale, negative } = declarable;
        return refuse(
          'invalid-data',
          `"${value}" is no value of cell ${cell}.`,
          `Write it as the form prints it: ${scale === 0 ? 'a whole number' : `a number with at most ${scale} decimals`}${negative ? '' : ', not below zero'}, with or without its unit and one remark in brackets; a blank is not declared.`,
          {
            field: 'data.value',
          },
        );
      }
      return accept({
        basis: [],
        role: null,
        figure: { year, form, cell, was: lastFigure(agency, year, form, cell), is: { eventId: command.eventId, value } },
      });
    }
  }
}

function lastFigure(agency: AgencyView, year: number, form: string, cell: string): { eventId: string; value: string } | null {
  const found = agency?.figures.filter((figure) => figure.year === year && figure.form === form && figure.cell === cell).at(-1);
  return found === undefined ? null : { eventId: found.eventId, value: found.value };
}

/** A void of a declaration leaves the one recorded before it in force, or none. */
function voidFacts(before: AgencyView, after: AgencyView, target: Act): Derived {
  const { year, form, cell } = target.data as unknown as DeclaredFigure;
  return { figure: { year, form, cell, was: lastFigure(before, year, form, cell), is: lastFigure(after, year, form, cell) } };
}

/** The name last recorded, whatever day it holds from. */
function nameOf(agency: Agency): string {
  return agency.changes.findLast(({ changes }) => changes.name !== undefined)?.changes.name ?? agency.registered.name;
}

export const agencyRules: CaseRules<AgencyView> = {
  kind: 'agency',
  types: [
    'agency.registered',
    'agency.changed',
    'agency.clearance-chain-set',
    'agency.role-assigned',
    'agency.role-ended',
    'agency.figure-declared',
  ],
  initial: null,
  evolve,
  decide,
  voidFacts,
  notVoidable: new Set(['agency.registered', 'agency.changed', 'agency.clearance-chain-set', 'agency.role-assigned', 'agency.role-ended']),
  describe: (view) => (view === null ? { state: 'unknown', title: null } : { state: 'registered', title: nameOf(view) }),
  standingAfter: (before, act) => ({ state: 'registered', title: (act.data['name'] as string | undefined) ?? before.title }),
};
