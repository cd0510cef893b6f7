/** Cases and their trails, now or as they stood, with the texts that who asks may read. */
import { agencyRules } from '../domain/agency/rules.js';
import { maySeeSealed } from '../domain/who-may-read.js';
import type { CaseRef } from '../domain/identifiers.js';
import type { EventLog } from '../log/event-log.js';
import type { CasePlace, CasePlaceReader } from '../read-models/cases/case-place.js';
import { caseAsOf, type CaseAsOf } from '../read-models/cases/case-as-of.js';
import type { MomentReader } from '../read-models/journal/as-of.js';
import type { ReadStore } from '../read-models/read-store.js';
import type { CaseSummary, Trail, TrailReader } from '../read-models/trail/trail-reader.js';
import { viewOf, type CaseStore } from '../recording/facts/case-store.js';
import { isOpenKind, type CaseTexts } from './case-texts.js';

export interface CaseReaderParts {
  readonly log: EventLog;
  readonly store: ReadStore;
  readonly moments: MomentReader;
  readonly trails: TrailReader;
  readonly texts: CaseTexts;
  readonly places: CasePlaceReader;
  readonly cases: CaseStore;
  readonly now: () => number;
}

/** One case: where it stands, since when, and who must act next. */
export interface CaseAnswer extends CaseSummary, CasePlace {}

export interface CaseQuestion {
  /** Position, `index:N`, time or date; absent = now. */
  readonly asOf?: string | undefined;
  /**
   * The officer who asks: sealed texts of a publication are shown to who reviews or signs for the agency today. null =
   * to nobody, as to who asks without being one; absent = to everybody, where nobody is identified.
   */
  readonly officer?: string | null | undefined;
}

/**
 * Errors: `QueryProblem` (`unknown-agency`, `unknown-case`,
 * `bad-as-of`, `not-reached`), `StoreUnavailable`.
 */
export class CaseReader {
  readonly #parts: CaseReaderParts;

  constructor(parts: CaseReaderParts) {
    this.#parts = parts;
  }

  async case(agency: string, ref: CaseRef, { asOf, officer }: CaseQuestion = {}): Promise<CaseAnswer> {
    const { store, trails, texts, places } = this.#parts;
    const then = await this.#stood(agency, ref, asOf);
    const found = store.db.transaction((): CaseAnswer => ({ ...trails.case(agency, ref, then), ...places.of(agency, ref, then) }))();
    return (await this.#isShown(agency, ref, officer)) ? texts.withTitle(found) : found;
  }

  async trail(agency: string, ref: CaseRef, { asOf, officer }: CaseQuestion = {}): Promise<Trail> {
    const { trails, texts } = this.#parts;
    const trail = trails.trail(agency, ref, await this.#stood(agency, ref, asOf));
    return (await this.#isShown(agency, ref, officer)) ? texts.withOpinions(agency, trail) : texts.withErasure(trail);
  }

  /** As of today: a role that ended shows nothing of earlier days. */
  async #isShown(agency: string, ref: CaseRef, officer: string | null | undefined): Promise<boolean> {
    if (officer === undefined || !isOpenKind(ref.kind)) return true;
    const { cases, now } = this.#parts;
    const known = viewOf(agencyRules, await cases.reload(agency, { kind: 'agency', number: agency }));
    if (officer === null || known === null) return false;
    const { state } = await cases.reload(agency, ref);
    return maySeeSealed(known, state, { actor: officer, instant: now() });
  }

  async #stood(agency: string, ref: CaseRef, asOf: string | undefined): Promise<CaseAsOf | undefined> {
    const { log, store, moments } = this.#parts;
    if (asOf === undefined) return undefined;
    await moments.requireIndex(asOf);
    return caseAsOf(log, store, agency, ref, asOf);
  }
}
