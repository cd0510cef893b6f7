/**
 * Whether a published table, with its text where officers wrote one, was signed off by the rules of the chain: every
 * step of it passed by a holder of its role, each by another person, none of whom compiled or wrote any version;
 * approved by somebody who did neither; each act not before the one it rests on. Who holds a role, and which chain is
 * in force, is what the agency's stream said up to the revision that the act was decided on
 * (`metadata.decidedOn.agency`). On purpose a second telling of what domain/clearance.ts decides by.
 */
import { membersOf } from '../../encoding/unknown-values.js';
import type { PackEvent } from '../format/layout.js';

/** A standing act on a report. */
export interface ReportAct {
  readonly index: number;
  readonly type: string;
  readonly eventId: string;
  readonly messageId: string;
  readonly source: string;
  readonly actor: string;
  /** `own-token`, `emitter` or `none`, as the event says. */
  readonly attestation: string;
  readonly tableHash: string;
  /** Empty where it names no text. */
  readonly textHash: string;
  readonly step: string;
  readonly verdict: string;
  /** ms since 1970; NaN where it cannot be read. */
  readonly time: number;
  /** Revisions of its agency's stream from this one on were not known to it. */
  readonly decidedOn: number;
}

interface Link {
  readonly step: string;
  readonly role: string;
}

interface Chain {
  readonly revision: number;
  readonly time: number;
  readonly steps: readonly Link[];
  readonly approver: string | null;
  /** Whether its acts ask for a token of the actor's own. */
  readonly attested: boolean;
}

interface RoleChange {
  readonly revision: number;
  readonly time: number;
  readonly ended: boolean;
}

const SHANGHAI_MS = 8 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** The role that the officer named at registration holds. */
const ADMINISTRATOR = 'administrator';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
/** The day in Asia/Shanghai, counted from 1970. */
const dayOf = (time: number): number => Math.floor((time + SHANGHAI_MS) / DAY_MS);

export function actOf({ index, type, eventId, occurredAt, data, metadata }: PackEvent): ReportAct {
  const agency = membersOf(metadata['decidedOn'])['agency'];
  return {
    index,
    type,
    eventId,
    messageId: textOf(metadata['id']),
    source: textOf(metadata['source']),
    actor: textOf(metadata['actor']),
    attestation: textOf(metadata['attestation']),
    tableHash: textOf(data['tableHash']),
    textHash: textOf(data['textHash']),
    step: textOf(data['step']),
    verdict: textOf(data['verdict']),
    time: Date.parse(occurredAt ?? ''),
    decidedOn: typeof agency === 'number' ? agency : Infinity,
  };
}

/** A publication with what each step of its round was attested by: `own-token`, `emitter` or `none`. */
export interface SignOff {
  readonly agency: string;
  readonly year: string;
  /** Index of the publication in the ledger. */
  readonly index: number;
  /** In the order of recording; `step` of clearances only. */
  readonly steps: readonly { readonly type: string; readonly step?: string; readonly attestation: string }[];
}

export function stepsOf(acts: readonly ReportAct[]): SignOff['steps'] {
  return acts.map(({ type, step, attestation }) => ({ type, ...(step === '' ? {} : { step }), attestation }));
}

/** Chains and roles of one agency, in the order of recording. */
export class Signers {
  readonly #chains: Chain[] = [];
  readonly #roles = new Map<string, RoleChange[]>();

  /** An event of the agency's own stream. */
  add({ type, revision, occurredAt, data }: PackEvent): void {
    const time = Date.parse(occurredAt ?? '');
    if (type === 'agency.registered') this.#role(textOf(data['administrator']), ADMINISTRATOR, { revision, time, ended: false });
    if (type === 'agency.role-assigned' || type === 'agency.role-ended')
      this.#role(textOf(data['actor']), textOf(data['role']), { revision, time, ended: type === 'agency.role-ended' });
    if (type !== 'agency.clearance-chain-set') return;
    const steps = Array.isArray(data['steps']) ? (data['steps'] as readonly Partial<Link>[]) : [];
    const links = steps.map(({ step, role }) => ({ step: textOf(step), role: textOf(role) }));
    const approver = membersOf(data['approver'])['role'];
    const attested = data['attested'] === true;
    this.#chains.push({ revision, time, steps: links, approver: typeof approver === 'string' ? approver : null, attested });
  }

  #role(actor: string, role: string, change: RoleChange): void {
    const name = JSON.stringify([actor, role]);
    const known = this.#roles.get(name);
    if (known === undefined) this.#roles.set(name, [change]);
    else known.push(change);
  }

  /** The chain in force when the act was done; null where none was set by then. */
  chainFor({ time, decidedOn }: Pick<ReportAct, 'time' | 'decidedOn'>): Chain | null {
    let found: Chain | null = null;
    for (const chain of this.#chains)
      if (chain.revision <= decidedOn && chain.time <= time && (found === null || chain.time >= found.time)) found = chain;
    return found;
  }

  /** A role holds on its first and on its last day. */
  holds({ actor, time, decidedOn }: ReportAct, role: string): boolean {
    const changes = (this.#roles.get(JSON.stringify([actor, role])) ?? []).filter(({ revision }) => revision <= decidedOn);
    const day = dayOf(time);
    let since: number | null = null;
    for (const change of changes.sort((a, b) => a.time - b.time)) {
      if (!change.ended) {
        since ??= dayOf(change.time);
        continue;
      }
      if (since !== null && since <= day && day <= dayOf(change.time)) return true;
      since = null;
    }
    return since !== null && since <= day;
  }
}

const isCompilation = ({ type }: ReportAct): boolean => type === 'report.compiled';
const isText = ({ type }: ReportAct): boolean => type === 'report.text-drafted' || type === 'report.text-revised';

/** What a publication is of, among the acts that stand before it, and the acts behind the last version of either. */
export interface SignedVersion {
  readonly compiled: ReportAct;
  /** null where officers wrote none. */
  readonly text: ReportAct | null;
  /** The later of the two: it opened the round. */
  readonly opener: ReportAct;
  readonly round: readonly ReportAct[];
  /** Everyone who compiled or wrote any version. */
  readonly writers: ReadonlySet<string>;
}

/** `acts` in the order of recording; null where no table is compiled. */
export function versionIn(acts: readonly ReportAct[]): SignedVersion | null {
  const compiled = acts.findLast(isCompilation);
  const text = acts.findLast(isText) ?? null;
  if (compiled === undefined) return null;
  const opener = text !== null && text.index > compiled.index ? text : compiled;
  const writers = new Set(acts.filter((act) => isCompilation(act) || isText(act)).map(({ actor }) => actor));
  return { compiled, text, opener, round: acts.filter(({ index }) => index > opener.index), writers };
}

/**
 * What is wrong with the sign-off of the version that stands before `published`. The texts say it in Chinese with
 * English beside.
 */
export function wrongs({ compiled, text, opener, round, writers }: SignedVersion, published: ReportAct, signers: Signers): string[] {
  const said: string[] = [];
  if (round.some(({ verdict }) => verdict === 'returned')) said.push('退回后未重新编制 (published after it was returned)');
  if (round.some((act) => act.tableHash !== compiled.tableHash)) said.push('有人所签为另一张表 (somebody signed another table)');
  if (round.some((act) => act.textHash !== (text?.textHash ?? ''))) said.push('有人所签为另一份正文 (somebody signed another text)');
  const approval = round.find(({ type }) => type === 'report.approved');
  if (approval === undefined) {
    if (signers.chainFor(published)?.steps.length !== 0) said.push('未经签发即公布 (published without an approval of this table)');
    if (!(published.time >= opener.time)) said.push('公布早于编制 (published before it was compiled)');
    return said;
  }
  if (!(published.time >= approval.time)) said.push('公布早于签发 (published before it was approved)');
  const clearings = round.filter(({ type, index }) => type === 'report.cleared' && index < approval.index);
  return [...said, ...wrongClearings(clearings, opener, writers, signers), ...wrongApproval(approval, clearings, opener, writers, signers)];
}

function wrongClearings(clearings: readonly ReportAct[], opener: ReportAct, writers: ReadonlySet<string>, signers: Signers): string[] {
  const passed = new Set<string>();
  return clearings.flatMap((clearing) => {
    const { actor, step, verdict, time } = clearing;
    const said: string[] = [];
    const link = signers.chainFor(clearing)?.steps.find((candidate) => candidate.step === step);
    if (link === undefined) said.push(`审查链无此步骤 (the chain has no step ${step})`);
    else if (!signers.holds(clearing, link.role)) said.push(`审查人无此职责 (${actor} does not hold the role ${link.role})`);
    if (writers.has(actor)) said.push(`编制人自行审查 (${actor} compiled it and cleared it)`);
    if (verdict === 'passed' && passed.has(actor)) said.push(`一人通过两步 (${actor} passed two steps)`);
    if (!(time >= opener.time)) said.push(`审查早于编制 (cleared before it was compiled: ${step})`);
    if (verdict === 'passed') passed.add(actor);
    return said;
  });
}

function wrongApproval(
  approval: ReportAct,
  clearings: readonly ReportAct[],
  opener: ReportAct,
  writers: ReadonlySet<string>,
  signers: Signers,
): string[] {
  const { actor, time } = approval;
  const chain = signers.chainFor(approval);
  const said: string[] = [];
  if (chain?.approver == null) said.push('签发时审查链无签发人 (approved under a chain without an approver)');
  else if (!signers.holds(approval, chain.approver)) said.push(`签发人无此职责 (${actor} does not hold the role ${chain.approver})`);
  if (writers.has(actor) || clearings.some((clearing) => clearing.actor === actor))
    said.push(`签发人不独立 (${actor} compiled or cleared it and approved it)`);
  if (!(time >= opener.time)) said.push('签发早于编制 (approved before it was compiled)');
  for (const { step } of chain?.steps ?? [])
    if (!clearings.some((clearing) => clearing.step === step && clearing.verdict === 'passed' && clearing.time <= time))
      said.push(`签发前步骤 ${step} 未通过 (approved without the step ${step} passed before)`);
  return said;
}
