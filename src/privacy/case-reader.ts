/** Cases and their trails, now or as they stood, with the texts that anybody may read. */
import type { CaseRef } from '../domain/identifiers.js';
import type { EventLog } from '../log/event-log.js';
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

  async case(agency: string, ref: CaseRef, asOf?: string): Promise<CaseSummary> {
    const { trails, texts } = this.#parts;
    return texts.withTitle(trails.case(agency, ref, await this.#stood(agency, ref, asOf)));
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
