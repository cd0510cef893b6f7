/** The acts of an agency (行政机关): what each says, and what its decision adds. */
import type { ActRow } from '../act-row.js';
import type { Rests } from '../facts.js';
import type { CalendarDate } from '../../time/calendar-date.js';

export const REPORTING = ['included', 'vertical'] as const;
export type Reporting = (typeof REPORTING)[number];

export interface ClearanceStep {
  readonly step: string;
  readonly role: string;
  readonly unit: string;
}

export interface Approver {
  readonly role: string;
  readonly unit: string;
}

/**
 * `steps` and `approver` are both given or both empty: an empty chain lets acts pass without review, and each shows as
 * not reviewed.
 */
export interface ClearanceChain {
  readonly steps: readonly ClearanceStep[];
  readonly approver: Approver | null;
}

interface RoleData {
  readonly actor: string;
  readonly role: string;
}

export interface AgencyData {
  readonly 'agency.registered': {
    readonly name: string;
    readonly administrator: string;
    readonly parent?: string;
    readonly reporting?: Reporting;
    readonly forms?: readonly string[];
  };
  readonly 'agency.changed': {
    readonly name?: string;
    readonly parent?: string;
    readonly reporting?: Reporting;
    readonly forms?: readonly string[];
    readonly from: CalendarDate;
  };
  readonly 'agency.clearance-chain-set': { readonly steps: readonly ClearanceStep[]; readonly approver?: Approver };
  readonly 'agency.role-assigned': RoleData;
  readonly 'agency.role-ended': RoleData;
  readonly 'agency.figure-declared': {
    readonly year: number;
    readonly form: string;
    readonly cell: string;
    /** As the form prints it. */
    readonly value: string;
    readonly evidence: string;
  };
}

export type AgencyType = keyof AgencyData;

export const AGENCY_ACTS = {
  'agency.registered': { counted: false, means: 'The agency takes part from now on, with its first administrator.' },
  'agency.changed': { counted: false, means: 'Its name, parent, way of reporting or forms are others from a day on.' },
  'agency.clearance-chain-set': { counted: true, means: 'Its steps of review 审查 and who approves 审批, from the time of the act on.' },
  'agency.role-assigned': { counted: false, means: 'An officer holds a role from that day on.' },
  'agency.role-ended': { counted: false, means: 'The officer holds it no longer after that day.' },
  'agency.figure-declared': { counted: true, means: 'A figure 填报数 that no act stands for: staff, budget, a base.' },
} as const satisfies { readonly [T in AgencyType]: ActRow };

/**
 * What a registration left open, as decided when it was recorded: a default may change, what was decided never does.
 */
export interface DecidedProfile {
  readonly reporting: Reporting;
  readonly forms: readonly string[];
}

interface FigureValue {
  readonly eventId: string;
  readonly value: string;
}

/** The declared figure in force before and after an act. */
export interface FigureChange {
  readonly year: number;
  readonly form: string;
  readonly cell: string;
  readonly was: FigureValue | null;
  readonly is: FigureValue | null;
}

export interface AgencyFacts {
  readonly 'agency.registered': Rests & { readonly profile: DecidedProfile };
  readonly 'agency.changed': Rests;
  /** The chains before and behind it in the order of their times: one recorded late comes between two. */
  readonly 'agency.clearance-chain-set': Rests & {
    readonly previous: ClearanceChain | null;
    readonly next: (ClearanceChain & { readonly at: string; readonly on: CalendarDate }) | null;
  };
  readonly 'agency.role-assigned': Rests;
  readonly 'agency.role-ended': Rests;
  readonly 'agency.figure-declared': Rests & { readonly figure: FigureChange };
}
