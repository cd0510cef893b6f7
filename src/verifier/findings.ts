/** What a verification found. Names of rules are stable; docs/audit-pack.md lists them. */

export type Severity = 'error' | 'warning';

export interface Finding {
  readonly rule: string;
  /** A pack with an error does not hold. */
  readonly severity: Severity;
  /** A member, an index of the ledger, a stream, a cell. */
  readonly where: string;
  readonly message: string;
}

/** Of one rule so many are kept; the rest is counted. */
const KEPT = 20;

export class Findings {
  readonly #kept: Finding[] = [];
  readonly #counts = new Map<string, number>();
  #errors = 0;

  error(rule: string, where: string, message: string): void {
    this.#errors += 1;
    this.#add({ rule, severity: 'error', where, message });
  }

  warning(rule: string, where: string, message: string): void {
    this.#add({ rule, severity: 'warning', where, message });
  }

  #add(finding: Finding): void {
    const count = (this.#counts.get(finding.rule) ?? 0) + 1;
    this.#counts.set(finding.rule, count);
    // What is quoted from a pack may be as long as its author liked.
    if (count <= KEPT) this.#kept.push({ ...finding, where: cut(finding.where), message: cut(finding.message) });
  }

  get holds(): boolean {
    return this.#errors === 0;
  }

  list(): readonly Finding[] {
    return this.#kept;
  }

  /** How many of each rule were found beyond those listed. */
  more(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].filter(([, count]) => count > KEPT).map(([rule, count]) => [rule, count - KEPT]));
  }
}

const MAX_TEXT = 500;

/** Without characters that steer a terminal, and not endless. */
function cut(text: string): string {
  const plain = text.replace(/\p{Cc}/gu, ' ');
  return plain.length > MAX_TEXT ? `${plain.slice(0, MAX_TEXT)}…` : plain;
}
