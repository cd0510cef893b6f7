/** The case a caller names, over HTTP or on the command line. */
import { parseCaseName, type CaseRef } from '../../domain/identifiers.js';
import { QueryProblem } from '../query-problem.js';

export function readCaseRef(name: string): CaseRef {
  const ref = parseCaseName(name);
  if (ref === null)
    throw new QueryProblem('unknown-case', `"${name}" names no case.`, 'A case is named kind/number, as in the subject of its messages.');
  return ref;
}
