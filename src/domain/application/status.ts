/** Where the answer to an application stands, for people; what is waited for is the clock's to say. */
import type { Standing } from '../facts.js';
import type { StandingTable } from '../standing.js';
import type { ApplicationType } from './acts.js';
import { closes } from './outcomes.js';

const OPEN_STATES: ReadonlySet<string> = new Set([
  'received',
  'amendment-requested',
  'reply-drafted',
  'in-clearance',
  'returned',
  'approved',
]);

const isOpen = ({ state }: Standing): boolean => OPEN_STATES.has(state);
const unmoved = (before: Standing): Standing => before;
const moved =
  (state: string) =>
  (before: Standing): Standing => ({ ...before, state });
/** A version of an answer: of the first one, or of one made again after the close. */
const drafted = (before: Standing): Standing => ({ ...before, state: isOpen(before) ? 'reply-drafted' : 'being-answered-again' });

export const APPLICATION_STANDING: StandingTable<ApplicationType> = {
  'application.received': () => ({ state: 'received', title: null }),
  'application.supplement-requested': unmoved,
  'application.supplemented': unmoved,
  'application.third-party-consulted': unmoved,
  'application.third-party-answered': unmoved,
  'application.extended': unmoved,
  'application.reply-drafted': drafted,
  'application.reply-revised': drafted,
  'application.cleared': (before, { data }) => {
    if (!isOpen(before) || before.state === 'returned') return before;
    return { ...before, state: data.verdict === 'returned' ? 'returned' : 'in-clearance' };
  },
  'application.approved': (before) => (isOpen(before) ? { ...before, state: 'approved' } : before),
  'application.replied': (before, { data }) => ({ ...before, state: closes(data.outcome ?? '') ? 'replied' : 'amendment-requested' }),
  'application.reply-remade': moved('answered-again'),
  'application.fee-charged': unmoved,
  'application.fee-waived': unmoved,
  'application.abandoned': moved('abandoned'),
  'application.withdrawn': moved('withdrawn'),
};
