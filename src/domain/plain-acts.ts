/**
 * Kinds of case whose acts stand for themselves: nothing comes before them and nothing rests on them. A press conference, an interpretation,
 * a meeting and a training are one act each; a site is checked day after day, and a delivery may go in several parts.
 */
import { alreadyExists, type Act, type CaseRules, type Command, type DecisionContext } from './case.js';
import { accept, refuse, type Decision } from './decider.js';

// ---- events -------------------------------------------------------------------------------------------------------------------------

export type PlainType =
  'press-conference.held' | 'interpretation.published' | 'meeting.held' | 'training.held' | 'delivery.made' | 'site.checked';

// ---- state --------------------------------------------------------------------------------------------------------------------------

export interface PlainCase {
  readonly acts: number;
  readonly title: string | null;
}

// ---- evolve and decide --------------------------------------------------------------------------------------------------------------

function plainRules(
  type: PlainType,
  state: string,
  repeats: boolean,
  titleOf: (act: Pick<Act, 'data'>) => string | null,
): CaseRules<PlainCase> {
  return {
    kind: type.slice(0, type.indexOf('.')),
    types: [type],
    initial: { acts: 0, title: null },
    evolve: (view, act) => ({ acts: view.acts + 1, title: titleOf(act) }),
    decide: (view: PlainCase, command: Command, context: DecisionContext): Decision => {
      if (view.acts > 0 && !repeats) return alreadyExists(command);
      const refused = refuseReference(command, context);
      return refused ?? accept({ basis: [], role: null });
    },
    describe: (view) => ({ state: view.acts === 0 ? 'unknown' : state, title: view.title }),
    standingAfter: (_before, act) => ({ state, title: titleOf(act) }),
  };
}

/** An interpretation may say what it interprets: a case of the same agency that exists. */
function refuseReference(command: Command, context: DecisionContext): ReturnType<typeof refuse> | null {
  const of = command.type === 'interpretation.published' ? (command.data['of'] as string | undefined) : undefined;
  if (of === undefined || context.existingCases?.has(of) === true) return null;
  return refuse(
    'wrong-reference',
    `There is no case ${of} in this agency.`,
    'Name a recorded case of the same agency as "kind/number", or leave the reference out.',
    { reference: of },
  );
}

const title = (act: Pick<Act, 'data'>): string | null => (act.data['title'] as string | undefined) ?? null;

export const plainActRules: readonly CaseRules<PlainCase>[] = [
  plainRules('press-conference.held', 'held', false, title),
  plainRules('interpretation.published', 'published', false, title),
  plainRules('meeting.held', 'held', false, title),
  plainRules('training.held', 'held', false, title),
  plainRules('delivery.made', 'made', true, (act) => act.data['place'] as string),
  plainRules('site.checked', 'checked', true, () => null),
];
