/**
 * A publication (主动公开): one entry of the agency's catalogue, drafted, cleared, approved, released on one or more channels, checked,
 * corrected, withdrawn. 《政府信息公开条例》 2008 art. 14–18, 2019 art. 17, 26; the review chain is the agency's own.
 */
import { chainAt, type Agency } from '../agency/state.js';
import {
  alreadyExists,
  changedFirsts,
  outOfOrder,
  refuseClosed,
  unknownCase,
  type Act,
  type CaseRules,
  type Command,
  type DecisionContext,
} from '../case.js';
import {
  decideApproved,
  decideCleared,
  isEmptyChain,
  openRound,
  refuseOtherContent,
  refuseReturned,
  requireChain,
  returnedBefore,
  withApproval,
  withClearing,
  type Round,
} from '../clearance.js';
import { accept, refuse, type Decision, type Derived } from '../decider.js';
import { describe, publicTitleOf, standingAfter, type PublicDocument } from './status.js';
import type { CalendarDate, Instant } from '../values.js';

// ---- events -------------------------------------------------------------------------------------------------------------------------

export const CHANNELS = ['website', 'weibo', 'wechat', 'gazette', 'bulletin-board', 'press-conference', 'other'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Rank of a normative document: 规章 or (行政)规范性文件. */
export type Rank = 'rules' | 'normative';

export interface Drafted {
  /** Absent where it was sealed and is erased. */
  readonly title?: string;
  readonly contentHash: string;
  readonly documentNumber?: string;
  readonly indexNumber?: string;
  readonly category?: string;
  readonly normative?: Rank;
  readonly formedOn?: CalendarDate;
  readonly attribute?: 'proactive' | 'on-request' | 'withheld';
}

export type PublicationType =
  | 'publication.drafted'
  | 'publication.revised'
  | 'publication.cleared'
  | 'publication.approved'
  | 'publication.rejected'
  | 'publication.released'
  | 'publication.checked'
  | 'publication.corrected'
  | 'publication.withdrawn';

// ---- state --------------------------------------------------------------------------------------------------------------------------

export interface Release {
  readonly eventId: string;
  readonly channel: Channel;
  /** The draft or revision whose version was released. */
  readonly version: string;
  readonly instant: Instant;
  readonly at: string;
  readonly on: CalendarDate;
  readonly withdrawn: boolean;
}

export interface Item {
  readonly draft: Drafted;
  /** Of the version under review; null where it is erased. */
  readonly title: string | null;
  /** As the last release or correction made it public; null before the first. */
  readonly publicTitle: string | null;
  readonly drafters: readonly string[];
  readonly round: Round;
  readonly releases: readonly Release[];
  /** The draft, revision or correction whose version the last release or correction made public; null before the first release. */
  readonly publicVersion: string | null;
  /** The version the last correction made public; null where there was none. */
  readonly correctedVersion: string | null;
  readonly closed: { readonly instant: Instant; readonly at: string; readonly code: 'rejected' | 'withdrawn' } | null;
}

export type Publication = { readonly status: 'unknown' } | ({ readonly status: 'recorded' } & Item);

// ---- evolve -------------------------------------------------------------------------------------------------------------------------

function evolve(view: Publication, act: Act): Publication {
  const type = act.type as PublicationType;
  if (view.status === 'unknown') {
    // A check rests on nothing: it stays when everything before it was taken back.
    if (type === 'publication.checked') return view;
    if (type !== 'publication.drafted') throw new Error(`${type} before publication.drafted in the stored history`);
    const draft = act.data as unknown as Drafted;
    return {
      status: 'recorded',
      draft,
      title: draft.title ?? null,
      publicTitle: null,
      drafters: [act.actor],
      round: openRound(act, draft.contentHash),
      releases: [],
      publicVersion: null,
      correctedVersion: null,
      closed: null,
    };
  }
  switch (type) {
    case 'publication.drafted':
      throw new Error('publication.drafted twice in the stored history');
    case 'publication.revised': {
      const { contentHash, title } = act.data as { contentHash: string; title?: string };
      return {
        ...view,
        title: title ?? view.title,
        drafters: [...new Set([...view.drafters, act.actor])],
        round: openRound(act, contentHash),
      };
    }
    case 'publication.cleared':
      return { ...view, round: withClearing(view.round, act) };
    case 'publication.approved':
      return { ...view, round: withApproval(view.round, act) };
    case 'publication.rejected':
      return { ...view, closed: { instant: act.instant, at: act.at, code: 'rejected' } };
    case 'publication.released': {
      const { channel } = act.data as { channel: Channel };
      const version = view.round.opener.eventId;
      const release = { eventId: act.eventId, channel, version, instant: act.instant, at: act.at, on: act.on, withdrawn: false };
      return {
        ...view,
        publicTitle: publicTitleOf(act) ?? view.publicTitle,
        releases: [...view.releases, release],
        publicVersion: version,
      };
    }
    case 'publication.checked':
      return view;
    case 'publication.corrected': {
      const { contentHash } = act.data as { contentHash: string };
      // Under an empty chain a correction may bring its own content: it is then the version under review as well.
      const round = contentHash === view.round.contentHash ? view.round : openRound(act, contentHash);
      const drafters = round === view.round ? view.drafters : [...new Set([...view.drafters, act.actor])];
      const version = round.opener.eventId;
      return {
        ...view,
        publicTitle: publicTitleOf(act) ?? view.publicTitle,
        drafters,
        round,
        publicVersion: version,
        correctedVersion: version,
      };
    }
    case 'publication.withdrawn': {
      const { channel } = act.data as { channel?: Channel };
      if (channel === undefined) return { ...view, closed: { instant: act.instant, at: act.at, code: 'withdrawn' } };
      return {
        ...view,
        releases: view.releases.map((release) => (release.channel === channel ? { ...release, withdrawn: true } : release)),
      };
    }
  }
}

/** What this event makes public of the version under review: told clear from then on. Empty where it was erased. */
function documentOf({ title, draft: { documentNumber, indexNumber } }: Item): { readonly document?: PublicDocument } {
  if (title === null) return {};
  const numbers = { ...(documentNumber === undefined ? {} : { documentNumber }), ...(indexNumber === undefined ? {} : { indexNumber }) };
  return { document: { title, ...numbers } };
}

/** The earliest standing release; of two at the same instant the one recorded first. */
export function firstRelease(item: Item): Release | undefined {
  return item.releases.reduce<Release | undefined>(
    (first, release) => (first === undefined || release.instant < first.instant ? release : first),
    undefined,
  );
}

function firsts(view: Publication): ReadonlyMap<string, CalendarDate> {
  const first = view.status === 'unknown' ? undefined : firstRelease(view);
  return first === undefined ? new Map() : new Map([['release', first.on]]);
}

// ---- decide -------------------------------------------------------------------------------------------------------------------------

function decide(view: Publication, command: Command, context: DecisionContext): Decision {
  const type = command.type as PublicationType;
  if (type === 'publication.drafted') {
    return view.status === 'unknown' ? accept({ basis: [], role: null }) : alreadyExists(command);
  }
  if (view.status === 'unknown') return unknownCase(command);
  const agency = context.agency as Agency;
  const closes = type === 'publication.rejected' || (type === 'publication.withdrawn' && command.data['channel'] === undefined);
  const refused = refuseClosed(view.closed, command, closes);
  if (refused !== null) return refused;
  switch (type) {
    case 'publication.revised':
      return decideRevised(view, command);
    case 'publication.cleared':
      return decideCleared(view.round, view.drafters, agency, command);
    case 'publication.approved':
      return decideApproved(view.round, view.drafters, agency, command);
    case 'publication.rejected':
      return decideRejected(view, command);
    case 'publication.released':
      return decideReleased(view, command, agency);
    case 'publication.checked':
      return decideChecked(view, command);
    case 'publication.corrected':
      return decideCorrected(view, command, agency);
    case 'publication.withdrawn':
      return decideWithdrawn(view, command);
  }
}

function decideRevised(item: Item, command: Command): Decision {
  const { round } = item;
  if (command.instant < round.opener.instant)
    return outOfOrder(command, 'A revision is not dated before the version it revises', round.opener);
  return accept({ basis: [round.opener.eventId, ...returnedBefore(round, command)], role: null });
}

function decideRejected(item: Item, command: Command): Decision {
  if (item.releases.length > 0) {
    return refuse('already-released', 'The item has been released.', 'Withdraw it instead of rejecting it.');
  }
  if (command.instant < item.round.opener.instant)
    return outOfOrder(command, 'A rejection is not dated before the version it rejects', item.round.opener);
  return accept({ basis: [item.round.opener.eventId], role: null });
}

/** What is made public: the approved version, or under an empty chain the drafted one. */
function requireSignedVersion(
  item: Item,
  command: Command,
  agency: Agency,
): { basis: string[]; approval: string | null } | ReturnType<typeof refuse> {
  const required = requireChain(agency, command.instant);
  if ('refused' in required) return required.refused;
  const { round } = item;
  if (round.approval === null) {
    const returned = refuseReturned(round);
    if (returned !== null) return returned;
    if (!isEmptyChain(required.chain)) {
      return refuse(
        'not-approved',
        'This version is not approved.',
        'Every step of the chain clears it and the approver approves it first; a revision needs its own round.',
      );
    }
    if (command.instant < round.opener.instant)
      return outOfOrder(command, 'A version is not made public before it was written', round.opener);
    return { basis: [round.opener.eventId], approval: null };
  }
  if (command.instant < round.approval.instant)
    return outOfOrder(command, 'A version is not made public before its approval', round.approval);
  return { basis: [round.approval.eventId], approval: round.approval.eventId };
}

function decideReleased(item: Item, command: Command, agency: Agency): Decision {
  const { channel, contentHash } = command.data as { channel: Channel; contentHash: string };
  const attribute = item.draft.attribute ?? 'proactive';
  if (attribute !== 'proactive') {
    return refuse(
      'not-approved',
      `The item was drafted as ${attribute}.`,
      'Only items of the attribute proactive (主动公开) are released.',
    );
  }
  const signed = requireSignedVersion(item, command, agency);
  if ('ok' in signed) return signed;
  const changed = refuseOtherContent(item.round.contentHash, contentHash);
  if (changed !== null) return changed;
  const allowed = item.round.approval?.channels;
  if (allowed !== null && allowed !== undefined && !allowed.includes(channel)) {
    return refuse(
      'channel-not-approved',
      `The approval does not name the channel ${channel}.`,
      'Release on a channel the approval names, or have another approval.',
      { channels: allowed },
    );
  }
  if (item.releases.some((release) => release.channel === channel)) {
    return refuse('already-released', `The item was already released on ${channel}.`, 'Each channel once; a change is a correction.');
  }
  const before = firstRelease(item);
  const isFirst = before === undefined || command.instant < before.instant;
  const after = isFirst ? command.on : before.on;
  return accept({
    basis: signed.basis,
    approval: signed.approval,
    role: null,
    rank: item.draft.normative ?? null,
    documentNumber: item.draft.documentNumber ?? null,
    ...documentOf(item),
    firsts: changedFirsts(before && new Map([['release', before.on]]), new Map([['release', after]])),
  });
}

function decideChecked(item: Item, command: Command): Decision {
  const first = firstRelease(item);
  if (first === undefined)
    return refuse(
      'not-released',
      'The item has not been released.',
      'A check follows a release; the daily check of a whole site is site.checked.',
    );
  if (command.instant < first.instant) return outOfOrder(command, 'A check is not dated before the first release', first);
  return accept({ basis: [], role: null });
}

function decideCorrected(item: Item, command: Command, agency: Agency): Decision {
  const first = firstRelease(item);
  if (first === undefined) return refuse('not-released', 'The item has not been released.', 'Before a release send a revision instead.');
  if (command.instant < first.instant) return outOfOrder(command, 'A correction is not dated before the first release', first);
  const version = item.round.opener.eventId;
  const pending = item.correctedVersion !== version && item.releases.some((release) => release.version !== version);
  const chain = chainAt(agency, command.instant);
  if (chain !== null && isEmptyChain(chain) && !pending) {
    // Nothing waits to be approved under an empty chain: the correction itself brings the new content.
    return accept({ basis: [version], approval: null, role: null, ...documentOf(item) });
  }
  const signed = requireSignedVersion(item, command, agency);
  if ('ok' in signed) return signed;
  if (!pending) {
    return refuse(
      'not-approved',
      'No revision was approved since the release.',
      'Send a revision with the corrected content and take it through its own round first.',
    );
  }
  const changed = refuseOtherContent(item.round.contentHash, command.data['contentHash']);
  return changed ?? accept({ basis: signed.basis, approval: signed.approval, role: null, ...documentOf(item) });
}

function decideWithdrawn(item: Item, command: Command): Decision {
  const { channel } = command.data as { channel?: Channel };
  if (channel !== undefined) {
    const release = item.releases.find((candidate) => candidate.channel === channel);
    if (release === undefined)
      return refuse('not-released', `The item was not released on ${channel}.`, 'Name a channel it was released on.');
    if (release.withdrawn) return refuse('withdrawn', `The item was already withdrawn from ${channel}.`, 'Nothing to do.');
    if (command.instant < release.instant) return outOfOrder(command, 'A withdrawal is not dated before the release', release);
    return accept({ basis: [release.eventId], role: null });
  }
  const first = firstRelease(item);
  if (first === undefined) return refuse('not-released', 'The item has not been released.', 'Reject it instead of withdrawing it.');
  const last = item.releases.reduce((latest, release) => (release.instant > latest.instant ? release : latest), first);
  if (command.instant < last.instant) return outOfOrder(command, 'A withdrawal of the item is not dated before its last release', last);
  return accept({ basis: [], role: null });
}

/** A correction or a withdrawal of the whole item needs a release to stand, though not any particular one. */
function dependent(standing: readonly Act[], target: Act): Act | undefined {
  if (target.type !== 'publication.released') return undefined;
  if (standing.some((act) => act.type === 'publication.released' && act.eventId !== target.eventId)) return undefined;
  return standing.find(
    (act) => act.type === 'publication.corrected' || (act.type === 'publication.withdrawn' && act.data['channel'] === undefined),
  );
}

function voidFacts(before: Publication): Derived {
  return before.status === 'unknown' ? {} : { rank: before.draft.normative ?? null };
}

export const publicationRules: CaseRules<Publication> = {
  kind: 'publication',
  types: [
    'publication.drafted',
    'publication.revised',
    'publication.cleared',
    'publication.approved',
    'publication.rejected',
    'publication.released',
    'publication.checked',
    'publication.corrected',
    'publication.withdrawn',
  ],
  initial: { status: 'unknown' },
  evolve,
  decide,
  firsts,
  dependent,
  refuseErasure: () => null,
  voidFacts,
  describe,
  standingAfter,
};
