/**
 * Folded states of hot cases, sealed texts opened, each with the exact revision it stands at: the guard of every
 * append, and what saves reading the stream before it.
 */
import { LRUCache } from 'lru-cache';
import { emptyCase, evolveCase, foldCase, type CaseRules, type CaseState } from '../../domain/case.js';
import { rulesOf, type AnyRules } from '../../domain/kinds.js';
import { streamOf, type CaseRef } from '../../domain/identifiers.js';
import { sealKeyOf, toAct, withoutSealed, type Opener, type StoredAct } from '../../events/envelope.js';
import { StoreUnavailable, type EventLog, type StoredEvent } from '../../log/event-log.js';
import type { CaseKeys } from '../../sealing/case-keys.js';
import { openerOf } from './opener.js';
import { readWholeStream } from '../../log/pages.js';

export interface LoadedCase {
  readonly stream: string;
  readonly rules: AnyRules;
  readonly state: CaseState<unknown>;
  /** Revision of the last event folded; null for a case without any. */
  readonly revision: number | null;
  /** Id of the case's key as the log names it; null before it has one. */
  readonly sealKey: string | null;
  /** About what it takes in memory. */
  readonly bytes: number;
}

/** What a case is folded to, of the kind whose rules are given. Errors: throws on a case of another kind. */
export function viewOf<View>({ kind }: Pick<CaseRules<View>, 'kind' | 'initial'>, { rules, state }: LoadedCase): View {
  if (rules.kind !== kind) throw new Error(`a case of kind ${rules.kind} where one of kind ${kind} is asked`);
  return state.view as View;
}

/** What cases kept folded take at most: some 2,000 of five short acts each. */
const HOT_BYTES = 16 * 1024 * 1024;
/**
 * Cases kept folded however large they are. An act on its way to its commit stands in its folded case alone, so there
 * are more than messages on their way at once.
 */
const LEAST_HOT = 2_000;
/** Beyond any number of cases that fit. */
const MOST_HOT = 100_000;

/** An act in memory without its texts, as measured: its members, its envelope, its places in lists. */
const ACT_BYTES = 1_000;

export class CaseStore {
  readonly #log: Pick<EventLog, 'readStream'>;
  readonly #open: Opener;
  readonly #hot = new LRUCache<string, LoadedCase>({ max: MOST_HOT, dispose: ({ bytes }) => (this.#bytes -= bytes) });
  #bytes = 0;

  constructor(log: Pick<EventLog, 'readStream'>, keys: CaseKeys) {
    this.#log = log;
    this.#open = provingOpener(keys);
  }

  /**
   * The case as last known here: maybe behind the log where other processes write too. The exact revision guards every
   * append.
   */
  async load(agency: string, ref: CaseRef): Promise<LoadedCase> {
    return this.atHand(agency, ref) ?? this.reload(agency, ref);
  }

  /** The same without waiting; undefined where it is to be read from the log. */
  atHand(agency: string, ref: CaseRef): LoadedCase | undefined {
    return this.#hot.get(streamOf(agency, ref));
  }

  /** The case as it is before its first act. It is not kept: whether it has begun only the log knows. */
  notBegun(agency: string, ref: CaseRef): LoadedCase {
    const rules = knownRules(ref);
    return { stream: streamOf(agency, ref), rules, state: emptyCase(rules), revision: null, sealKey: null, bytes: 0 };
  }

  /** The case with everything the log holds of it by now. */
  async reload(agency: string, ref: CaseRef): Promise<LoadedCase> {
    const stream = streamOf(agency, ref);
    const rules = knownRules(ref);
    const known = this.#hot.get(stream);
    const added = await this.#readFrom(stream, (known?.revision ?? -1) + 1);
    if (known !== undefined && added.length === 0) return known;
    const acts = added.map((event) => toAct(event, this.#open));
    const state = known === undefined ? foldCase(rules, acts) : acts.reduce((fold, act) => evolveCase(rules, fold, act), known.state);
    const sealKey = added.reduce<string | null>((found, event) => found ?? sealKeyOf(event), known?.sealKey ?? null);
    return this.#keep({
      stream,
      rules,
      state: acts.length === 0 ? emptyCase(rules) : state,
      revision: added.at(-1)?.revision ?? null,
      sealKey,
      bytes: acts.reduce((sum, act) => sum + bytesOf(act), known?.bytes ?? 0),
    });
  }

  async #readFrom(stream: string, from: number): Promise<StoredEvent[]> {
    const events = await readWholeStream(this.#log, stream, from);
    events.forEach(({ revision }, offset) => {
      if (revision !== from + offset) throw new Error(`stream ${stream}: revision ${revision} where ${from + offset} should follow`);
    });
    return events;
  }

  /** The case after an act that was just recorded. */
  recorded(loaded: LoadedCase, act: StoredAct): void {
    const state = evolveCase(loaded.rules, loaded.state, act);
    this.#keep({
      stream: loaded.stream,
      rules: loaded.rules,
      // From its erasure on nothing is folded upon what it said: a failure to append it forgets everything.
      state: act.type === 'record.erased' ? forgotten(loaded.rules, state) : state,
      revision: act.revision,
      sealKey: loaded.sealKey ?? act.metadata.sealKey ?? null,
      bytes: loaded.bytes + bytesOf(act),
    });
  }

  /** Drops the sealed texts of a case from memory. */
  forgetTexts(stream: string): void {
    const known = this.#hot.get(stream);
    if (known === undefined) return;
    this.#keep({ ...known, state: forgotten(known.rules, known.state) });
  }

  #keep(loaded: LoadedCase): LoadedCase {
    this.#hot.set(loaded.stream, loaded);
    this.#bytes += loaded.bytes;
    while (this.#bytes > HOT_BYTES && this.#hot.size > LEAST_HOT) this.#hot.pop();
    return loaded;
  }

  /** Forget everything: after a failure it is unknown what the log holds. */
  clear(): void {
    this.#hot.clear();
  }
}

function knownRules({ kind }: CaseRef): AnyRules {
  const rules = rulesOf(kind);
  if (rules === undefined) throw new Error(`no rules for cases of kind ${kind}`);
  return rules;
}

function bytesOf({ data, derived }: Pick<StoredAct, 'data' | 'derived'>): number {
  return ACT_BYTES + sizeOf(data) + sizeOf(derived);
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, inner) => sum + sizeOf(inner), 16);
}

/** The case folded anew from its acts without their sealed texts. */
function forgotten(rules: AnyRules, { acts }: CaseState<unknown>): CaseState<unknown> {
  return foldCase(rules, acts.map(withoutSealed));
}

/**
 * Opens with the keys at hand, and takes no key that does not open what was sealed under it: with a damaged one new
 * texts would be sealed that no copy of the key store opens. A key that is gone opens nothing and is no error: the case
 * was erased. Errors: `StoreUnavailable`.
 */
function provingOpener(keys: CaseKeys): Opener {
  const open = openerOf(keys);
  return (place, sealed, key) => {
    const text = open(place, sealed, key);
    if (text === null && sealed.alg === 'A256GCM' && keys.find(key) !== null)
      throw new StoreUnavailable(`the key ${key} does not open what was sealed under it: keys.db is damaged, restore it from its backup`);
    return text;
  };
}
