/**
 * What a check of the store found: one finding for one deed, however many events it touched. docs/verify.md says what
 * each rule means.
 */

export type Rule =
  | 'event-changed'
  | 'event-removed'
  | 'event-inserted'
  | 'event-reordered'
  | 'stream-removed'
  | 'stream-replaced'
  | 'stream-gap'
  | 'stream-withheld'
  | 'log-truncated'
  | 'log-rolled-back'
  | 'log-damaged'
  | 'event-unreadable'
  | 'event-duplicate'
  | 'event-inconsistent'
  | 'time-goes-back'
  | 'checkpoint-contradicted'
  | 'checkpoint-changed'
  | 'checkpoint-removed'
  | 'checkpoint-inserted'
  | 'checkpoint-unreadable'
  | 'checkpoint-signature'
  | 'cosignature-forged'
  | 'tile-changed'
  | 'row-changed'
  | 'row-removed'
  | 'row-inserted'
  | 'read-damaged'
  | 'keys-damaged'
  | 'read-model-stopped'
  | 'published-table';

/** Where: what of these is known. */
export interface Place {
  /** Ordinal in the ledger; `to` the last of several in a row. As it was before, of what is gone or changed. */
  readonly index?: number;
  readonly to?: number;
  readonly stream?: string;
  readonly revision?: number;
  readonly eventId?: string;
  readonly position?: string;
  /** Revision of a checkpoint in its stream, or where else it is kept. */
  readonly checkpoint?: number | string;
  readonly table?: string;
  /** The row's place in the order of its table: column → value. */
  readonly row?: Readonly<Record<string, unknown>>;
  /** How many rows side by side, of which `row` is the first; absent for one. */
  readonly rows?: number;
  readonly tile?: { readonly level: number; readonly n: number };
}

export interface StoreFinding {
  readonly rule: Rule;
  readonly severity: 'error' | 'warning';
  readonly where: Place;
  readonly message: string;
  /** What else shows the same deed; absent where nothing does. */
  readonly also?: readonly Trace[];
}

/** Another sign of a deed that a finding names. */
export type Trace = Pick<StoreFinding, 'rule' | 'where'>;

/** What was found in another thread: those listed, and how many there are of each rule. */
export interface FoundElsewhere {
  readonly found: readonly StoreFinding[];
  readonly counts: readonly (readonly [Rule, number])[];
}

/** Findings of one rule that are listed; what is beyond is counted. */
const MOST = 50;

export class Findings {
  #found: StoreFinding[] = [];
  readonly #counts = new Map<Rule, number>();

  add(rule: Rule, where: Place, message: string, severity: StoreFinding['severity'] = 'error'): void {
    const count = (this.#counts.get(rule) ?? 0) + 1;
    this.#counts.set(rule, count);
    if (count <= MOST) this.#found.push({ rule, severity, where, message });
  }

  /** All of it, to be told to another thread. */
  told(): FoundElsewhere {
    return { found: this.#found, counts: [...this.#counts] };
  }

  /** Findings of rules that nothing was found of here. */
  takeOver({ found, counts }: FoundElsewhere): void {
    this.#found.push(...found);
    for (const [rule, count] of counts) this.#counts.set(rule, count);
  }

  /** What is said better elsewhere. */
  forget(rule: Rule): void {
    this.#found = this.#found.filter((one) => one.rule !== rule);
    this.#counts.delete(rule);
  }

  has(...rules: readonly Rule[]): boolean {
    return rules.some((rule) => this.#counts.has(rule));
  }

  /** As found; `oneDeed` makes of it what is told. */
  list(): StoreFinding[] {
    const beyond = [...this.#counts].filter(([, count]) => count > MOST);
    return [
      ...this.#found,
      ...beyond.map(([rule, count]): StoreFinding => ({
        rule,
        severity: 'error',
        where: {},
        message: `另有同类 ${count - MOST} 处 (${count - MOST} more of this rule are not listed)`,
      })),
    ];
  }
}
