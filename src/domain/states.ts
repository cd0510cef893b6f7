/** Every state a case of each kind may be in, as the tables of the kinds name them; for filters and documents. */
import { PLAIN_ACTS } from './small-kinds/plain-acts.js';
import { NOT_STANDING } from './facts.js';
import { REMEDIES } from './small-kinds/remedy.js';

/** State → what it means. */
type States = Readonly<Record<string, string>>;

const SIGNED: States = {
  'in-clearance': 'a step of the chain was passed or escalated',
  returned: 'a step asks for another version',
  approved: 'the approver signed it; it is not public, or sent, yet',
};

const REMEDY: States = { pending: 'filed and not decided', decided: 'decided' };

const OWN: Readonly<Record<string, States>> = {
  publication: {
    drafted: 'a version is written, and nothing was cleared since',
    ...SIGNED,
    released: 'public, as it was written last',
    'released-under-revision': 'public; a newer version is not public yet',
    rejected: 'it is not published',
    withdrawn: 'it was public, and was taken down as a whole',
  },
  application: {
    received: 'no answer is drafted',
    'amendment-requested': 'the applicant was told to change it; it is still open',
    'reply-drafted': 'an answer is written, and nothing was cleared since',
    ...SIGNED,
    replied: 'answered',
    'being-answered-again': 'a decision ordered a new answer, which is written and not sent',
    'answered-again': 'the new answer was sent',
    abandoned: 'closed, because the applicant did not do his part',
    withdrawn: 'the applicant took it back',
  },
  report: {
    'text-drafted': 'a text is written, and no table is compiled yet',
    compiled: 'a table is frozen, and nothing was cleared since it, or its text, was written last',
    ...SIGNED,
    published: 'public',
    'being-restated': 'public; a table or a text of after it is not public yet',
  },
  ...Object.fromEntries(REMEDIES.map((kind) => [kind, REMEDY])),
  'normative-document': { issued: 'in force', repealed: 'no longer in force' },
  hotspot: { answered: 'answered by some means' },
  table: { declared: 'known from paper' },
};

function plainStates(): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  for (const [type, { state, means }] of Object.entries(PLAIN_ACTS)) (found[type.slice(0, type.indexOf('.'))] ??= {})[state] = means;
  return found;
}

/** Kinds that are no cases of the agency's work, and have a stream all the same. */
export const NO_CASES: ReadonlySet<string> = new Set(['agency', 'calendar']);

/** Kind → its states; `NO_CASES` are not there. */
export const CASE_STATES: Readonly<Record<string, States>> = Object.fromEntries(
  Object.entries({ ...OWN, ...plainStates() }).map(([kind, states]) => [
    kind,
    { ...states, [NOT_STANDING.state]: 'everything in it was taken back' },
  ]),
);
