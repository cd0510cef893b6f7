/** The officers of an agency: their roles with the days, what they did, and where duties were not kept apart. */
import type { RoleSpan } from '../../domain/agency/state.js';
import { publicType } from '../../events/catalog.js';
import { preparedOnce, type Preparing } from '../../sqlite/statements.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import { agencyIdOf, LATEST } from '../agencies/agency-reader.js';
import { roleChangesOf } from '../agencies/agency-setup.js';
import { bookmarkOf, foreignBookmark, limitOf, pageOf, placeOf, type PageAsked } from '../lists.js';
import { QueryProblem } from '../query-problem.js';
import type { ReadStore } from '../read-store.js';
import { Conflicts, rolesHeld, type Conflict, type OfficerRow } from './conflicts.js';

export interface ListedOfficer {
  readonly actor: string;
  /** By their first day. */
  readonly roles: readonly RoleSpan[];
  /** Recorded acts, those that were taken back among them. */
  readonly acts: number;
  readonly conflicts: number;
}

export interface OfficerList {
  /** By name. */
  readonly officers: readonly ListedOfficer[];
  /** Give it as `after` to go on; null on the last page. */
  readonly next: string | null;
}

export interface DoneByType {
  /** Such as `disclosure.publication.drafted`. */
  readonly type: string;
  readonly count: number;
  /** Days of the acts, in Asia/Shanghai. */
  readonly firstOn: CalendarDate;
  readonly lastOn: CalendarDate;
}

export interface Officer {
  readonly actor: string;
  readonly roles: readonly RoleSpan[];
  /** By type. */
  readonly acts: readonly DoneByType[];
  readonly conflicts: readonly Conflict[];
}

interface Row {
  readonly officerId: number;
  readonly name: string;
  readonly index: number;
  readonly nth: number;
}

const LIST = 'officers';
const COLUMNS = 'officer_id AS officerId, name, first_idx AS "index", nth';

/** Each by an index; test/read-models/case-list-plans.test.ts looks at how they are run. */
export const BY_NAME = `SELECT ${COLUMNS} FROM officers WHERE agency_id = @agency AND name > @after ORDER BY name LIMIT @count`;
export const ONE_OFFICER = `SELECT ${COLUMNS} FROM officers WHERE agency_id = @agency AND name = @name`;
export const BY_PLACE = `SELECT ${COLUMNS} FROM officers WHERE first_idx = @index AND agency_id = @agency AND nth = @nth`;
export const DONE = `SELECT type, acts AS count, first_on AS firstOn, last_on AS lastOn FROM officer_acts WHERE officer_id = @officer ORDER BY type`;

export class OfficerReader {
  readonly #store: ReadStore;
  #preparing: Preparing | null = null;

  constructor(store: ReadStore) {
    this.#store = store;
  }

  get #db(): Preparing {
    return (this.#preparing ??= preparedOnce(this.#store.db));
  }

  /** Errors: `unknown-agency`, `bad-parameter`. */
  list({ agency: code, ...asked }: PageAsked & { readonly agency: string }): OfficerList {
    const limit = limitOf(asked);
    return this.#store.db.transaction((): OfficerList => {
      const agency = agencyIdOf(this.#db, code);
      const place = placeOf(LIST, asked.after);
      const after = place === null ? null : this.#db.prepare<unknown[], Row>(BY_PLACE).get({ agency, ...place });
      if (after === undefined) throw foreignBookmark();
      const rows = this.#db.prepare<unknown[], Row>(BY_NAME).all({ agency, after: after?.name ?? '', count: limit + 1 });
      const { items, next } = pageOf(rows, limit, (last) => bookmarkOf(LIST, last));
      const withChanges = this.#changesIn(agency);
      const conflicts = new Conflicts(this.#db, agency);
      const officers = items.map((row): ListedOfficer => {
        const officer = withChanges(row);
        const acts = this.#done(row).reduce((sum, { count }) => sum + count, 0);
        return { actor: row.name, roles: rolesHeld(officer.changes), acts, conflicts: conflicts.countOf(officer) };
      });
      return { officers, next };
    })();
  }

  /** Errors: `unknown-agency`, `not-found`. */
  officer(code: string, name: string): Officer {
    return this.#store.db.transaction((): Officer => {
      const agency = agencyIdOf(this.#db, code);
      const row = this.#db.prepare<unknown[], Row>(ONE_OFFICER).get({ agency, name });
      if (row === undefined)
        throw new QueryProblem('not-found', `Agency ${code} has no officer of that name.`, 'Officers are those who acted or hold a role.');
      const officer = this.#changesIn(agency)(row);
      const acts = this.#done(row).map(({ type, ...done }) => ({ type: publicType(type), ...done }));
      return { actor: name, roles: rolesHeld(officer.changes), acts, conflicts: new Conflicts(this.#db, agency).of(officer) };
    })();
  }

  #done({ officerId }: Row): DoneByType[] {
    return this.#db.prepare<unknown[], DoneByType>(DONE).all({ officer: officerId });
  }

  /** Gives each officer the changes of his roles. */
  #changesIn(agency: number): (row: Row) => OfficerRow {
    const byActor = Map.groupBy(roleChangesOf(this.#db, agency, LATEST), ({ actor }) => actor);
    return ({ officerId, name }) => ({ officerId, name, changes: byActor.get(name) ?? [] });
  }
}
