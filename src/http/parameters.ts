/** Parameters of a question. */
import { QueryProblem } from '../use-cases/query-problem.js';

export type Parameters<Name extends string> = { readonly [name in Name]?: string };

/** A misspelt parameter must not silently answer another question. Throws `bad-parameter`. */
export function readParameters<Name extends string>(query: Readonly<Record<string, unknown>>, known: readonly Name[]): Parameters<Name> {
  for (const [name, value] of Object.entries(query)) {
    if (!(known as readonly string[]).includes(name))
      throw new QueryProblem(
        'bad-parameter',
        `There is no parameter ${name}.`,
        known.length === 0 ? 'This address takes none.' : `Parameters are ${known.join(', ')}.`,
      );
    if (typeof value !== 'string' || value === '')
      throw new QueryProblem('bad-parameter', `${name} is given twice or empty.`, 'Give each parameter once.');
  }
  return query as Parameters<Name>;
}
