/** A publication as its standing acts leave it. */
import type { ActOf, RecordedData } from '../acts.js';
import { openRound, withApproval, withClearing, type Round } from '../clearance.js';
import type { Firsts } from '../facts.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { Instant } from '../../time/instant.js';
import type { Channel, PublicationType } from './acts.js';

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
  readonly draft: RecordedData<'publication.drafted'>;
  /** Of the version under review; null where it is erased. */
  readonly title: string | null;
  /** As the last release or correction made it public; null before the first. */
  readonly publicTitle: string | null;
  readonly drafters: readonly string[];
  readonly round: Round;
  readonly releases: readonly Release[];
  /**
   * The draft, revision or correction whose version the last release or correction made public; null before the first
   * release.
   */
  readonly publicVersion: string | null;
  /** The version the last correction made public; null where there was none. */
  readonly correctedVersion: string | null;
  readonly closed: { readonly instant: Instant; readonly at: string; readonly code: 'rejected' | 'withdrawn' } | null;
}

type RecordedItem = { readonly status: 'recorded' } & Item;

export type Publication = { readonly status: 'unknown' } | RecordedItem;

export function evolvePublication(view: Publication, act: ActOf<PublicationType>): Publication {
  if (view.status === 'unknown') {
    // A check rests on nothing: it stays when everything before it was taken back.
    if (act.type === 'publication.checked') return view;
    if (act.type !== 'publication.drafted') throw new Error(`${act.type} before publication.drafted in the stored history`);
    return drafted(act);
  }
  switch (act.type) {
    case 'publication.drafted':
      throw new Error('publication.drafted twice in the stored history');
    case 'publication.revised': {
      const { contentHash, title } = act.data;
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
    case 'publication.released':
      return released(view, act);
    case 'publication.checked':
      return view;
    case 'publication.corrected':
      return corrected(view, act);
    case 'publication.withdrawn': {
      const { channel } = act.data;
      if (channel === undefined) return { ...view, closed: { instant: act.instant, at: act.at, code: 'withdrawn' } };
      return {
        ...view,
        releases: view.releases.map((release) => (release.channel === channel ? { ...release, withdrawn: true } : release)),
      };
    }
  }
}

function drafted(act: ActOf<'publication.drafted'>): Publication {
  return {
    status: 'recorded',
    draft: act.data,
    title: act.data.title ?? null,
    publicTitle: null,
    drafters: [act.actor],
    round: openRound(act, act.data.contentHash),
    releases: [],
    publicVersion: null,
    correctedVersion: null,
    closed: null,
  };
}

function released(view: RecordedItem, act: ActOf<'publication.released'>): Publication {
  const version = view.round.opener.eventId;
  const { channel } = act.data;
  const release = { eventId: act.eventId, channel, version, instant: act.instant, at: act.at, on: act.on, withdrawn: false };
  return {
    ...view,
    publicTitle: act.derived.document?.title ?? view.publicTitle,
    releases: [...view.releases, release],
    publicVersion: version,
  };
}

function corrected(view: RecordedItem, act: ActOf<'publication.corrected'>): Publication {
  const { contentHash } = act.data;
  // Under an empty chain a correction may bring its own content: it is then the version under review as well.
  const round = contentHash === view.round.contentHash ? view.round : openRound(act, contentHash);
  const version = round.opener.eventId;
  return {
    ...view,
    publicTitle: act.derived.document?.title ?? view.publicTitle,
    drafters: round === view.round ? view.drafters : [...new Set([...view.drafters, act.actor])],
    round,
    publicVersion: version,
    correctedVersion: version,
  };
}

/** The earliest standing release; of two at the same instant the one recorded first. */
export function firstRelease(item: Item): Release | undefined {
  return item.releases.reduce<Release | undefined>(
    (first, release) => (first === undefined || release.instant < first.instant ? release : first),
    undefined,
  );
}

export function firstsOf(view: Publication): Firsts {
  const first = view.status === 'unknown' ? undefined : firstRelease(view);
  return first === undefined ? new Map() : new Map([['release', first.on]]);
}
