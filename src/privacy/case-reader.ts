/** Cases and their trails, now or as they stood, with the texts that may be read. */
import type { CaseRef } from '../domain/identifiers.js';
import type { EventLog } from '../log/event-log.js';
import type { CasePlace, CasePlaceReader } from '../read-models/cases/case-place.js';
import { caseAsOf, type CaseAsOf } from '../read-models/cases/case-as-of.js';
import type { MomentReader } from '../read-models/journal/as-of.js';
import type { ReadStore } from '../read-models/read-store.js';
import type { CaseSummary, Trail, TrailReader } from '../read-models/trail/trail-reader.js';
import type { CaseTexts } from './case-texts.js';

export interface CaseReaderParts {
  readonly log: EventLog;
  readonly store: ReadStore;
  readonly moments: MomentReader;
  readonly trails: TrailReader;
  readonly texts: CaseTexts;
  readonly places: CasePlaceReader;
  /** Whether the sealed texts of the case are shown to this actor today. */
  readonly mayBeShown: (agency: string, ref: CaseRef, actor: string) => Promise<boolean>;
}

/** `asOf`: absent = now. */
export interface CaseAsked {
  readonly agency: string;
  readonly ref: CaseRef;
  readonly asOf?: string;
}

/** One case: where it stands, since when, and who must act next. */
export interface CaseAnswer extends CaseSummary, CasePlace {}

/** Who looks, by the name under which he acts; null for one who acts under none. */
export interface Viewer {
  readonly actor: string | null;
}

/**
 * `asOf`: position, `index:N`, time or date; absent = now. Errors: `QueryProblem` (`unknown-agency`, `unknown-case`,
 * `bad-as-of`, `not-reached`), `StoreUnavailable`.
 */
export class CaseReader {
  readonly #parts: CaseReaderParts;

  constructor(parts: CaseReaderParts) {
    this.#parts = parts;
  }

  /** `viewer`: absent where nobody is identified. A title that is not public is shown to whom texts are shown. */
  async case({ agency, ref, asOf }: CaseAsked, viewer?: Viewer): Promise<CaseAnswer> {
    const { store, trails, texts, places } = this.#parts;
    const then = await this.#stood(agency, ref, asOf);
    const found = store.db.transaction((): CaseAnswer => ({ ...trails.case(agency, ref, then), ...places.of(agency, ref, then) }))();
    return (await this.#mayBeShown(found, ref, viewer)) ? texts.withTitle(found) : found;
  }

  async #mayBeShown({ agency }: CaseSummary, ref: CaseRef, viewer: Viewer | undefined): Promise<boolean> {
    if (viewer === undefined) return true;
    return viewer.actor !== null && this.#parts.mayBeShown(agency, ref, viewer.actor);
  }

  async trail(agency: string, ref: CaseRef, asOf?: string): Promise<Trail> {
    const { trails, texts } = this.#parts;
    return texts.withOpinions(agency, trails.trail(agency, ref, await this.#stood(agency, ref, asOf)));
  }

  async #stood(agency: string, ref: CaseRef, asOf: string | undefined): Promise<CaseAsOf | undefined> {
    const { log, store, moments } = this.#parts;
    if (asOf === undefined) return undefined;
    await moments.requireIndex(asOf);
    return caseAsOf(log, store, agency, ref, asOf);
  }
}
