/**
 * Cases that wait for the same roles, or for the same persons, have one key, whatever chain is in force: there are few
 * of them in an agency, so what waits for somebody is few ranges of an index.
 */
import type { ClearanceChain } from '../agency/acts.js';
import { isSameOffice } from '../names.js';
import type { Progress } from './progress.js';
import { isSigned } from './waits-for.js';

/** `signing` with the steps that were passed, or `drafters` with who must write another version. */
type KeyOf = 'signing' | 'drafters';

/** null where it waits for nobody in particular. */
export function waitKey(kind: string, { stage, version, drafters, erased, text }: Progress): string | null {
  if (!isSigned(kind) || erased || stage === 'none' || version === null || text === 'alone') return null;
  if (version.stands === 'returned') return keyText('drafters', drafters);
  if (version.stands !== 'under-way') return null;
  return keyText(
    'signing',
    version.passes.map(({ step }) => step),
  );
}

function keyText(of: KeyOf, names: readonly string[]): string {
  return JSON.stringify([of, ...[...new Set(names)].sort()]);
}

/** Whom is asked about: a name, and the roles of the chain that are it or that it holds today. */
export interface Named {
  readonly name: string;
  readonly roles: ReadonlySet<string>;
  readonly chain: ClearanceChain | null;
}

/** Whether a case of this key may wait for that name: no case of another key does. */
export function mayWaitFor(key: string, { name, roles, chain }: Named): boolean {
  const parsed: unknown = JSON.parse(key);
  const [of, ...names] = Array.isArray(parsed) ? parsed.map(String) : [];
  if (of === 'drafters') return names.includes(name);
  const open = (chain?.steps ?? []).filter(({ step }) => !names.some((passed) => isSameOffice(passed, step)));
  return open.length > 0 ? open.some(({ role }) => roles.has(role)) : chain?.approver != null && roles.has(chain.approver.role);
}
