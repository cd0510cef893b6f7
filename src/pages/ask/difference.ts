/** What is no longer as it was published, and in which form it was: a code of a cell says nothing without it. */
import { GetDifference, GetTable } from '../../tables/handlers.js';
import type { Difference, TableQuestion } from '../../tables/table.js';
import type { Visit } from '../visit.js';

export interface DifferenceIn extends Difference {
  readonly form: string;
}

/** Errors: as of a difference. */
export async function differenceOf({ door }: Pick<Visit, 'door'>, question: TableQuestion): Promise<DifferenceIn> {
  const { changes } = await door.queries.execute(new GetDifference(question));
  const { form } = await door.queries.execute(new GetTable({ ...question, view: 'published' }));
  return { form, changes };
}
