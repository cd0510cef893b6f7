/** Where a publication stands, for people. Titles are those of releases: before one, a title is sealed. */
import type { Standing } from '../facts.js';
import type { StandingTable } from '../standing.js';
import type { PublicationType } from './acts.js';

/** A released item stays `released`; while a newer version of it is under way it is `released-under-revision`. */
const isPublic = ({ state }: Standing): boolean => state.startsWith('released');

export const PUBLICATION_STANDING: StandingTable<PublicationType> = {
  'publication.drafted': () => ({ state: 'drafted', title: null }),
  'publication.revised': (before) => ({ ...before, state: isPublic(before) ? 'released-under-revision' : 'drafted' }),
  'publication.cleared': (before, { data }) => {
    if (isPublic(before) || before.state === 'returned') return before;
    return { ...before, state: data.verdict === 'returned' ? 'returned' : 'in-clearance' };
  },
  'publication.approved': (before) => (isPublic(before) ? before : { ...before, state: 'approved' }),
  'publication.rejected': (before) => ({ ...before, state: 'rejected' }),
  'publication.released': (before, { derived }) => ({ state: 'released', title: derived.document?.title ?? before.title }),
  'publication.checked': (before) => before,
  'publication.corrected': (before, { derived }) => ({ state: 'released', title: derived.document?.title ?? before.title }),
  'publication.withdrawn': (before, { data }) => (data.channel === undefined ? { ...before, state: 'withdrawn' } : before),
};
