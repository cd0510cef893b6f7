/**
 * How far a case has come, by what says who acts next: folded from its standing acts, whatever chain is in force. It is
 * plain data, which a read model keeps. Where something is taken back it is folded again.
 */
import type { ActType } from '../acts.js';
import type { ApplicationType } from '../application/acts.js';
import { closes } from '../application/outcomes.js';
import type { PublicationType } from '../publication/acts.js';
import type { ReportType } from '../report/acts.js';
import type { RemedyType } from '../small-kinds/acts.js';
import type { Told } from '../standing.js';
import type { Instant } from '../../time/instant.js';

/** One version on its way; `out`: it was made public, or sent. */
export interface Version {
  readonly hash: string;
  readonly stands: 'under-way' | 'returned' | 'approved' | 'out';
  readonly passes: readonly { readonly step: string; readonly actor: string }[];
  /** Who cleared it with another verdict. */
  readonly otherwise: readonly string[];
}

export interface Progress {
  readonly stage: 'none' | 'open' | 'closed';
  /** Everyone who wrote a version, as stored. */
  readonly drafters: readonly string[];
  /** null before one, and of an answer once it was sent. */
  readonly version: Version | null;
  /** Of an item: a release stands; it is not to be released at all. */
  readonly released: boolean;
  readonly kept: boolean;
  /** Of an application: consultations that are awaited, by their event ids. */
  readonly consultations: readonly string[];
  /** Requests for a supplement that is awaited, by their times; the last supplement. */
  readonly requests: readonly Instant[];
  readonly supplementedAt: Instant | null;
  /** The last answer made again. */
  readonly remadeAt: Instant | null;
  /** Its sealed texts are gone: it takes nothing but voids. */
  readonly erased: boolean;
  /** Of a report: officers wrote a text, and there is a table `beside` it or none yet. */
  readonly text?: 'alone' | 'beside';
}

export const NO_PROGRESS: Progress = {
  stage: 'none',
  drafters: [],
  version: null,
  released: false,
  kept: false,
  consultations: [],
  requests: [],
  supplementedAt: null,
  remadeAt: null,
  erased: false,
};

type Step = (before: Progress, act: Told) => Progress;
type MovingType = PublicationType | ApplicationType | ReportType | RemedyType;

const unmoved: Step = (before) => before;
const closed: Step = ({ drafters, remadeAt }) => ({ ...NO_PROGRESS, stage: 'closed', drafters, remadeAt });
const opened: Step = () => ({ ...NO_PROGRESS, stage: 'open' });

function hashOf({ data }: Told): string {
  return data.contentHash ?? data.tableHash ?? '';
}

/** Another version: a new round, and its author is a drafter. */
const drafted: Step = (before, act) => ({
  ...before,
  drafters: before.drafters.includes(act.actor) ? before.drafters : [...before.drafters, act.actor],
  version: { hash: hashOf(act), stands: 'under-way', passes: [], otherwise: [] },
});

const cleared: Step = (before, { actor, data: { step = '', verdict } }) => {
  const { version } = before;
  if (version === null || version.stands === 'out') return before;
  if (verdict === 'passed') return { ...before, version: { ...version, passes: [...version.passes, { step, actor }] } };
  const stands = verdict === 'returned' ? 'returned' : version.stands;
  return { ...before, version: { ...version, stands, otherwise: [...version.otherwise, actor] } };
};

/** What is out is not on its way again by a signature that comes after it. */
const approved: Step = (before) =>
  before.version === null || before.version.stands === 'out' ? before : { ...before, version: { ...before.version, stands: 'approved' } };

function out({ version }: Progress, hash: string): Version {
  return { hash: version?.hash ?? hash, stands: 'out', passes: [], otherwise: [] };
}

/** Under an empty chain a correction may bring content of its own: its author then wrote a version. */
const corrected: Step = (before, act) => {
  const own = hashOf(act) === before.version?.hash ? before : drafted(before, act);
  return { ...own, version: out(own, hashOf(act)) };
};

/** A text opens a new round of the table that is there. */
const texted: Step = (before, act) => ({
  ...drafted(before, act),
  stage: 'open',
  text: before.stage === 'none' || before.text === 'alone' ? 'alone' : 'beside',
});

const compiled: Step = (before, act) => ({
  ...drafted(before, act),
  stage: 'open',
  ...(before.text === undefined ? {} : { text: 'beside' }),
});

const STEPS: { readonly [T in MovingType]: Step } = {
  'publication.drafted': (_before, act) => {
    const { attribute = 'proactive' } = act.data;
    return { ...drafted({ ...NO_PROGRESS, stage: 'open' }, act), kept: attribute !== 'proactive' };
  },
  'publication.revised': drafted,
  'publication.cleared': cleared,
  'publication.approved': approved,
  'publication.rejected': closed,
  'publication.released': (before, act) => ({ ...before, released: true, version: out(before, hashOf(act)) }),
  'publication.checked': unmoved,
  'publication.corrected': corrected,
  'publication.withdrawn': (before, act) => (act.data.channel === undefined ? closed(before, act) : before),
  'application.received': opened,
  'application.supplement-requested': (before, { instant }) =>
    before.supplementedAt !== null && instant < before.supplementedAt ? before : { ...before, requests: [...before.requests, instant] },
  'application.supplemented': (before, { instant }) => ({
    ...before,
    requests: before.requests.filter((asked) => asked > instant),
    supplementedAt: Math.max(instant, before.supplementedAt ?? instant),
  }),
  'application.third-party-consulted': (before, { eventId }) => ({ ...before, consultations: [...before.consultations, eventId] }),
  'application.third-party-answered': (before, { derived: { basis = [] } }) => ({
    ...before,
    consultations: before.consultations.filter((one) => one !== basis[0]),
  }),
  'application.extended': unmoved,
  'application.reply-drafted': drafted,
  'application.reply-revised': drafted,
  'application.cleared': cleared,
  'application.approved': approved,
  'application.replied': (before, act) => (closes(act.data.outcome ?? '') ? closed(before, act) : { ...before, version: null }),
  'application.reply-remade': (before, { instant }) => ({ ...before, version: null, remadeAt: instant }),
  'application.fee-charged': unmoved,
  'application.fee-waived': unmoved,
  'application.abandoned': closed,
  'application.withdrawn': closed,
  'report.compiled': compiled,
  'report.text-drafted': texted,
  'report.text-revised': texted,
  'report.cleared': cleared,
  'report.approved': approved,
  'report.published': (before, act) => ({ ...before, version: out(before, hashOf(act)) }),
  'reconsideration.filed': opened,
  'reconsideration.decided': closed,
  'lawsuit.filed': opened,
  'lawsuit.decided': closed,
  'complaint.received': opened,
  'complaint.decided': closed,
};

const steps: { readonly [T in ActType]?: Step } = STEPS;

/** The next act of a case, in the order of recording. An act of a kind that waits for nobody moves nothing. */
export function evolveProgress(before: Progress, act: Told): Progress {
  return steps[act.type]?.(before, act) ?? before;
}

/** Everything again, from the acts that stand. */
export function progressOf(standing: Iterable<Told>): Progress {
  let progress = NO_PROGRESS;
  for (const act of standing) progress = evolveProgress(progress, act);
  return progress;
}
