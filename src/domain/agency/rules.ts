/**
 * The rules of an agency (行政机关): its registration, clearance chain, role holders, yearly declared figures. Everything a
 * decision on another case needs to know of the agency is folded here.
 */
import type { ActOf, CommandOf, FactsByType } from '../acts.js';
import { outOfOrder, unknownAgency, unknownForm, type CaseRules, type DecisionContext } from '../case.js';
import { accept, refuse, type Decision, type Refused } from '../decider.js';
import { isSameName, isSameOffice } from '../names.js';
import { administers, type SenderFacts } from './attestation.js';
import type { VoidFacts } from '../small-kinds/acts.js';
import { standingBy, type StandingTable } from '../standing.js';
import { dateInShanghai } from '../../time/instant.js';
import type { AgencyType, FigureChange } from './acts.js';
import { decidePermission } from './permission-rules.js';
import { administratorRole, chainAt, evolveAgency, holdsRole, type Agency, type AgencyView } from './state.js';

type Command = CommandOf<AgencyType>;
type DecisionOn<T extends AgencyType> = Decision<FactsByType[T]>;

/** Forms an agency reports on unless it says otherwise: one after the other, by year. */
export const DEFAULT_FORMS = ['2014-shandong', '2019', '2021'] as const;

function decide(view: AgencyView, command: Command, context: DecisionContext): DecisionOn<AgencyType> {
  if (command.type === 'agency.registered') return decideRegistered(view, command, context);
  if (view === null) return unknownAgency(command);
  if (command.instant < view.registeredAt.instant) {
    return outOfOrder(command, 'An act of an agency is not dated before its registration', view.registeredAt);
  }
  switch (command.type) {
    case 'agency.changed':
      return decideChanged(view, command, context);
    case 'agency.clearance-chain-set':
      return decideChainSet(view, command, context);
    case 'agency.role-assigned':
    case 'agency.role-ended':
      return decideRole(view, command, context);
    case 'agency.permission-granted':
    case 'agency.permission-ended':
      return decidePermission(view, command, context);
    case 'agency.figure-declared':
      return decideFigure(view, command, context);
  }
}

/** The refusal of an act that only an administrator of the agency does; null where the actor is one. */
export function notAdministrator(agency: Agency, command: Pick<Command, 'actor' | 'on'>, sender: SenderFacts | undefined): Refused | null {
  if (administers(agency, command, sender)) return null;
  return refuse(
    'not-administrator',
    `${command.actor} is no administrator of ${agency.code} on ${command.on}.`,
    'The administrator named at registration, or one assigned since, does this.',
  );
}

function refuseForms(forms: readonly string[] | undefined, context: DecisionContext): Refused | null {
  const unknown = forms?.find((form) => !context.forms.isKnown(form));
  return unknown === undefined ? null : unknownForm(unknown);
}

/**
 * A parent must be registered, be another agency and not be below this one; only an administrator of it takes somebody
 * under it.
 */
function refuseParent(command: CommandOf<'agency.registered' | 'agency.changed'>, context: DecisionContext): Refused | null {
  const code = command.data.parent;
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
  // An operator places agencies for them: whoever acts need be no administrator there.
  if (command.type === 'agency.registered' && context.sender?.operator === true) return null;
  const refused = notAdministrator(parent.agency, command, context.sender);
  // A name is bound to a caller agency by agency: the same name in another one is somebody else.
  if (refused !== null || context.sender?.actsAs?.(code, command.actor) !== false) return refused;
  return refuse(
    'not-administrator',
    `The caller does not act as ${command.actor} in ${code}.`,
    'An administrator of the parent does this.',
  );
}

function decideRegistered(
  view: AgencyView,
  command: CommandOf<'agency.registered'>,
  context: DecisionContext,
): DecisionOn<'agency.registered'> {
  // Of an agency that somebody may not place he is not told whether it is there.
  const misplaced = context.sender?.identity === true ? refuseParent(command, context) : null;
  if (misplaced !== null) return misplaced;
  if (view !== null)
    return refuse(
      'already-registered',
      `Agency ${command.agency} is already registered.`,
      'Use agency.changed for a new name, parent or forms.',
    );
  const { reporting, forms } = command.data;
  const refused = refuseForms(forms, context) ?? refuseParent(command, context);
  if (refused !== null) return refused;
  const profile = { reporting: reporting ?? 'included', forms: forms ?? DEFAULT_FORMS };
  return accept({ basis: [], role: null, profile });
}

function decideChanged(agency: Agency, command: CommandOf<'agency.changed'>, context: DecisionContext): DecisionOn<'agency.changed'> {
  const { forms } = command.data;
  const refused = notAdministrator(agency, command, context.sender) ?? refuseForms(forms, context) ?? refuseParent(command, context);
  return refused ?? accept({ basis: [], role: administratorRole });
}

function decideChainSet(
  agency: Agency,
  command: CommandOf<'agency.clearance-chain-set'>,
  { sender }: DecisionContext,
): DecisionOn<'agency.clearance-chain-set'> {
  const refused = notAdministrator(agency, command, sender);
  if (refused !== null) return refused;
  const { steps, approver } = command.data;
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

function decideRole(
  agency: Agency,
  command: CommandOf<'agency.role-assigned' | 'agency.role-ended'>,
  { sender }: DecisionContext,
): DecisionOn<'agency.role-assigned' | 'agency.role-ended'> {
  const refused = notAdministrator(agency, command, sender);
  if (refused !== null) return refused;
  const { actor, role } = command.data;
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

/**
 * Figures that no act stands for (staff, budget, reading points). Declaring again replaces: the last recorded holds.
 */
function decideFigure(
  agency: Agency,
  command: CommandOf<'agency.figure-declared'>,
  context: DecisionContext,
): DecisionOn<'agency.figure-declared'> {
  const { year, form, cell, value } = command.data;
  const declarable = context.forms.declarable(form, cell);
  switch (declarable) {
    case 'unknown-form':
      return unknownForm(form);
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
        figure: { year, form, cell, was: lastFigure(agency, command.data), is: { eventId: command.eventId, value } },
      });
    }
  }
}

function lastFigure(agency: AgencyView, { year, form, cell }: Cell): FigureChange['is'] {
  const found = agency?.figures.filter((figure) => figure.year === year && figure.form === form && figure.cell === cell).at(-1);
  return found === undefined ? null : { eventId: found.eventId, value: found.value };
}

type Cell = Pick<FigureChange, 'year' | 'form' | 'cell'>;

/** A void of a declaration leaves the one recorded before it in force, or none. */
function voidFacts(before: AgencyView, after: AgencyView, target: ActOf<AgencyType>): VoidFacts {
  if (target.type !== 'agency.figure-declared') return {};
  const { year, form, cell } = target.data;
  return { figure: { year, form, cell, was: lastFigure(before, target.data), is: lastFigure(after, target.data) } };
}

/** The title is the name last recorded, whatever day it holds from. */
const AGENCY_STANDING: StandingTable<AgencyType> = {
  'agency.registered': (_before, { data }) => ({ state: 'registered', title: data.name ?? null }),
  'agency.changed': (before, { data }) => ({ state: 'registered', title: data.name ?? before.title }),
  'agency.clearance-chain-set': ({ title }) => ({ state: 'registered', title }),
  'agency.permission-granted': ({ title }) => ({ state: 'registered', title }),
  'agency.permission-ended': ({ title }) => ({ state: 'registered', title }),
  'agency.role-assigned': ({ title }) => ({ state: 'registered', title }),
  'agency.role-ended': ({ title }) => ({ state: 'registered', title }),
  'agency.figure-declared': ({ title }) => ({ state: 'registered', title }),
};

export const agencyRules: CaseRules<AgencyView, AgencyType> = {
  kind: 'agency',
  ...standingBy(AGENCY_STANDING),
  initial: null,
  evolve: evolveAgency,
  decide,
  voidFacts,
  notVoidable: new Set([
    'agency.registered',
    'agency.changed',
    'agency.clearance-chain-set',
    'agency.permission-granted',
    'agency.permission-ended',
    'agency.role-assigned',
    'agency.role-ended',
  ]),
};
