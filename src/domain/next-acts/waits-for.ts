/**
 * Who must act next in a case: each act that can come next, in which role, and who may do it today. It says beforehand
 * what the rules of clearance (clearance.ts) decide when the act comes; a test holds the two together.
 */
import type { ActType } from '../acts.js';
import type { ClearanceChain } from '../agency/acts.js';
import { isAmong, isSameOffice } from '../names.js';
import { isRemedy } from '../small-kinds/remedy.js';
import type { Progress, Version } from './progress.js';

export interface Awaited {
  readonly act: ActType;
  /** Step of the chain; null for any act but a clearance. */
  readonly step: string | null;
  /** null where the act asks for none. */
  readonly role: string | null;
  readonly unit: string | null;
  /** By name: who may do it; none = nobody can, null = anybody. */
  readonly holders: readonly string[] | null;
}

/** What of the agency, and of other cases, decides who is next. */
export interface Surroundings {
  /** In force now; null where none was ever set. */
  readonly chain: ClearanceChain | null;
  /** Who holds the role today. */
  readonly holdersOf: (role: string) => readonly string[];
  /** Of a closed application: a remedy about it was decided, and no answer was made again since. */
  readonly reopened: boolean;
}

interface Signed {
  readonly cleared: ActType;
  readonly approved: ActType;
  readonly rewritten: ActType;
}

const SIGNED: Readonly<Record<string, Signed>> = {
  publication: { cleared: 'publication.cleared', approved: 'publication.approved', rewritten: 'publication.revised' },
  application: { cleared: 'application.cleared', approved: 'application.approved', rewritten: 'application.reply-revised' },
  report: { cleared: 'report.cleared', approved: 'report.approved', rewritten: 'report.compiled' },
};

/** Kinds whose versions go through the chain. */
export function isSigned(kind: string): boolean {
  return Object.hasOwn(SIGNED, kind);
}

const anybody = (act: ActType): Awaited => ({ act, step: null, role: null, unit: null, holders: null });

/** Errors: none; a case of a kind that waits for nobody has no entry. */
export function waitsFor(kind: string, progress: Progress, around: Surroundings): readonly Awaited[] {
  const { stage, erased } = progress;
  if (erased || stage === 'none') return [];
  if (kind === 'application') return applicationWaits(progress, around);
  if (stage === 'closed') return [];
  if (kind === 'publication') return versionWaits(kind, progress, { ...around, sent: publicationSent(progress) });
  if (kind === 'report') return reportWaits(progress, around);
  return remedyWaits(kind);
}

/** Without a table there is nothing to sign; what was returned is mended in the table or in the text. */
function reportWaits(progress: Progress, around: Surroundings): readonly Awaited[] {
  const { version, text } = progress;
  if (text === 'alone') return [anybody('report.compiled')];
  const waits = versionWaits('report', progress, { ...around, sent: 'report.published' });
  if (version?.stands !== 'returned' || text === undefined) return waits;
  return [...waits, ...waits.map((one): Awaited => ({ ...one, act: 'report.text-revised' }))];
}

/** null where the item is not to be released. */
function publicationSent({ kept, released }: Progress): ActType | null {
  if (kept) return null;
  return released ? 'publication.corrected' : 'publication.released';
}

function remedyWaits(kind: string): readonly Awaited[] {
  return isRemedy(kind) ? [anybody(`${kind}.decided`)] : [];
}

/** The answer first, then what is awaited of others. */
function applicationWaits(progress: Progress, around: Surroundings): readonly Awaited[] {
  const { stage, version, consultations, requests } = progress;
  if (stage === 'closed') {
    if (version !== null) return versionWaits('application', progress, { ...around, sent: 'application.reply-remade' });
    return around.reopened ? [anybody('application.reply-drafted')] : [];
  }
  const direct = isEmpty(around.chain) && version?.stands !== 'approved' && version?.stands !== 'under-way';
  return [
    ...(version === null
      ? [anybody('application.reply-drafted')]
      : versionWaits('application', progress, { ...around, sent: 'application.replied' })),
    // Under an empty chain an answer is sent whatever was drafted, also what was returned before.
    ...(direct ? [anybody('application.replied')] : []),
    ...consultations.map(() => anybody('application.third-party-answered')),
    ...(requests.length > 0 ? [anybody('application.supplemented')] : []),
  ];
}

function isEmpty(chain: ClearanceChain | null): boolean {
  return chain !== null && chain.steps.length === 0;
}

interface Sending extends Surroundings {
  /** The act that makes the version public or sends it; null where none may. */
  readonly sent: ActType | null;
}

function versionWaits(kind: string, { version, drafters }: Progress, around: Sending): readonly Awaited[] {
  const acts = SIGNED[kind];
  if (acts === undefined || version === null) return [];
  const sending = around.sent === null ? [] : [anybody(around.sent)];
  switch (version.stands) {
    case 'out':
      return [];
    case 'approved':
      return sending;
    case 'returned':
      return [{ ...anybody(acts.rewritten), holders: [...drafters].sort() }];
    case 'under-way':
      return isEmpty(around.chain) ? sending : signatures(acts, version, drafters, around);
  }
}

/** Each step that is not passed in this round; with none left the approval. */
function signatures(
  acts: Signed,
  { passes, otherwise }: Version,
  drafters: readonly string[],
  { chain, holdersOf }: Surroundings,
): readonly Awaited[] {
  if (chain === null) return [];
  const passers = passes.map(({ actor }) => actor);
  const independent = (role: string, barred: readonly string[]): string[] =>
    holdersOf(role).filter((holder) => !isAmong(holder, barred, 'person'));
  const open = chain.steps.filter(({ step }) => !passes.some((pass) => isSameOffice(pass.step, step)));
  if (open.length > 0)
    return open.map(({ step, role, unit }) => ({
      act: acts.cleared,
      step,
      role,
      unit,
      holders: independent(role, [...drafters, ...passers]),
    }));
  const { approver = null } = chain;
  if (approver === null) return [];
  const { role, unit } = approver;
  return [{ act: acts.approved, step: null, role, unit, holders: independent(role, [...drafters, ...passers, ...otherwise]) }];
}
