/** Where a publication stands, for people; and what of it is public. Titles are those of releases: before one, a title is sealed. */
import { NOT_STANDING, type Act, type Standing } from '../case.js';
import { returnedBy } from '../clearance.js';
import type { Publication, PublicationType } from './rules.js';

/** What a release makes public of an item beside its content: `derived.document` of releases and corrections. */
export interface PublicDocument {
  readonly title: string;
  readonly documentNumber?: string;
  readonly indexNumber?: string;
}

export function publicTitleOf({ derived }: Pick<Act, 'derived'>): string | undefined {
  return (derived['document'] as PublicDocument | undefined)?.title;
}

/** A released item stays `released`; while a newer version of it is under way it is `released-under-revision`. The title is the public one: others are sealed. */
export function describe(view: Publication): Standing {
  if (view.status === 'unknown') return NOT_STANDING;
  const { round } = view;
  const state = (() => {
    if (view.closed !== null) return view.closed.code;
    if (view.releases.length > 0) return round.opener.eventId === view.publicVersion ? 'released' : 'released-under-revision';
    if (returnedBy(round) !== undefined) return 'returned';
    if (round.approval !== null) return 'approved';
    return round.clearings.length > 0 ? 'in-clearance' : 'drafted';
  })();
  return { state, title: view.publicTitle };
}

export function standingAfter(before: Standing, act: Pick<Act, 'type' | 'data' | 'derived'>): Standing {
  const isPublic = before.state.startsWith('released');
  switch (act.type as PublicationType) {
    case 'publication.drafted':
      return { state: 'drafted', title: null };
    case 'publication.revised':
      return { ...before, state: isPublic ? 'released-under-revision' : 'drafted' };
    case 'publication.cleared':
      if (isPublic || before.state === 'returned') return before;
      return { ...before, state: act.data['verdict'] === 'returned' ? 'returned' : 'in-clearance' };
    case 'publication.approved':
      return isPublic ? before : { ...before, state: 'approved' };
    case 'publication.rejected':
      return { ...before, state: 'rejected' };
    case 'publication.released':
    case 'publication.corrected':
      return { state: 'released', title: publicTitleOf(act) ?? before.title };
    case 'publication.checked':
      return before;
    case 'publication.withdrawn':
      return act.data['channel'] === undefined ? { ...before, state: 'withdrawn' } : before;
  }
}
