/**
 * The sealed texts of a case, for who may see them and says why. That somebody asked is an event in the log, durable
 * before anything is given: in a stream of the agency, with a leaf in the ledger, without part in any figure.
 */
import { v4 as uuidv4 } from 'uuid';
import { agencyRules } from '../domain/agency/rules.js';
import { maySeeSealed } from '../domain/who-may-read.js';
import { caseName, streamOf, type CaseRef } from '../domain/identifiers.js';
import { formatInstant } from '../time/instant.js';
import type { AccessEventType } from '../events/catalog.js';
import { isSealedKind } from '../events/sealed-fields.js';
import type { EventLog } from '../log/event-log.js';
import { idText } from '../read-models/journal/journal.js';
import type { AccessData } from '../events/envelope.js';
import type { ReadStore } from '../read-models/read-store.js';
import { agencyIdOf } from '../read-models/agencies/agency-reader.js';
import { missingKey } from '../recording/facts/case-seal.js';
import { viewOf, type CaseStore } from '../recording/facts/case-store.js';
import type { AskingWords } from './asking.js';
import type { CaseTexts, EventTexts, OpenedCase } from './case-texts.js';
import { QueryProblem } from '../read-models/query-problem.js';
import { accessRows, callerIn } from '../read-models/accesses/access-rows.js';

export interface Asking extends AskingWords {
  readonly agency: string;
  readonly ref: CaseRef;
  /** The authenticated caller; null without identity. */
  readonly caller: AccessData['caller'];
}

export interface PersonalData {
  readonly case: string;
  /** Only events that hold sealed texts. */
  readonly events: readonly EventTexts[];
}

export interface Access extends Omit<AccessData, 'agency'> {
  readonly eventId: string;
  /** RFC 3339. */
  readonly recordedAt: string;
  readonly granted: boolean;
}

export interface PersonalDataParts {
  readonly log: EventLog;
  readonly store: ReadStore;
  readonly cases: CaseStore;
  readonly texts: CaseTexts;
  readonly now: () => number;
}

export class PersonalDataService {
  readonly #parts: PersonalDataParts;

  constructor(parts: PersonalDataParts) {
    this.#parts = parts;
  }

  /**
   * Errors: `QueryProblem` (`unknown-agency`, `unknown-case`, `bad-parameter`, `not-permitted`, `already-erased`),
   * `StoreUnavailable`.
   */
  async reveal(asking: Asking): Promise<PersonalData> {
    const { cases, texts, now } = this.#parts;
    const { agency, ref, actor } = asking;
    const loaded = await cases.reload(agency, { kind: 'agency', number: agency });
    const known = viewOf(agencyRules, loaded);
    if (known === null)
      throw new QueryProblem('unknown-agency', `Agency ${agency} is not registered.`, 'Codes are those of agency.registered.');
    refuseUnsealed(ref);
    const found = await texts.open(agency, ref);
    refuseMissing(asking, found);
    const { state: asked } = await cases.reload(agency, ref);
    if (!maySeeSealed(known, asked, { actor, instant: now() })) {
      await this.#note('access.refused', asking);
      throw new QueryProblem(
        'not-permitted',
        `${actor} holds no role of the clearance chain of ${agency} today, is no administrator, and neither received ${caseName(ref)} nor drafted its answer.`,
        'Whoever reviews or signs for the agency, its administrator, the receiver of the application and the drafters of its answer may ask.',
      );
    }
    if (found.unreadable) throw missingKey(streamOf(agency, ref));
    await this.#note('access.granted', asking);
    // Read again: what was erased meanwhile is not given any more.
    const opened = await texts.open(agency, ref);
    refuseMissing(asking, opened);
    return { case: caseName(ref), events: opened.texts };
  }

  /** Who asked for sealed texts of an agency's cases, newest first, at most 1000; of one case where it is given. */
  list(agency: string, ref?: CaseRef): { readonly accesses: readonly Access[] } {
    const { db } = this.#parts.store;
    const rows = accessRows(db, agencyIdOf(db, agency), ref === undefined ? undefined : caseName(ref));
    return {
      accesses: rows.map(({ eventId, recordedAt, subject, granted, caller, ...said }) => ({
        eventId: idText(eventId),
        recordedAt: formatInstant(recordedAt),
        case: subject,
        ...said,
        caller: callerIn(caller),
        granted: granted === 1,
      })),
    };
  }

  async #note(type: AccessEventType, { agency, ref, actor, reason, caller }: Asking): Promise<void> {
    const id = uuidv4();
    const data = { agency, case: caseName(ref), actor, reason, caller } satisfies AccessData;
    const metadata = { agency, at: formatInstant(this.#parts.now()), correlationId: id, causationId: null };
    await this.#parts.log.append(`access-${agency}`, 'any', [{ id, type, version: 1, data, metadata }]);
  }
}

/** Errors: `bad-parameter` for a case of a kind of which nothing is sealed. */
export function refuseUnsealed({ kind }: CaseRef): void {
  if (isSealedKind(kind)) return;
  throw new QueryProblem('bad-parameter', `Nothing of a case ${kind}/… is sealed.`, 'Its trail says everything that is recorded of it.');
}

function refuseMissing({ agency, ref }: Asking, { events, erased }: OpenedCase): void {
  if (events === 0)
    throw new QueryProblem(
      'unknown-case',
      `Agency ${agency} has no case ${caseName(ref)}.`,
      'A case is named kind/number, as in the subject of its messages.',
    );
  if (erased)
    throw new QueryProblem(
      'already-erased',
      `The sealed texts of ${caseName(ref)} were erased.`,
      'Nobody can read them any more; its trail stays.',
    );
}
