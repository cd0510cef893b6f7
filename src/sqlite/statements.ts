/** Statements typed by the row they give. */
import type Database from 'better-sqlite3';

/** A database, or whoever prepares statements on it once. */
export interface Preparing {
  prepare<Bound extends unknown[], Row>(sql: string): Database.Statement<Bound, Row>;
}

/** Texts, and what a statement is given; behind a sign it is as it should be. */
const GIVEN = /'[^']*'|\+?(?:\?|@\w+)/g;

/**
 * The same statement with a plan for any value. SQLite looks at what a statement is given as it plans, and plans it
 * again behind better-sqlite3, which takes back what was given with every run. Behind a sign, which changes nothing,
 * nothing is looked at.
 */
export function plannedOnce(sql: string): string {
  return sql.replace(GIVEN, (found) => (/^['+]/.test(found) ? found : `+${found}`));
}

/** Statements are prepared once: an answer takes a dozen of them, and preparing costs more than running most. */
export function preparedOnce(db: Preparing): Preparing {
  const statements = new Map<string, unknown>();
  return {
    prepare<Bound extends unknown[], Row>(sql: string) {
      // One text of SQL always gives the same rows.
      const known = statements.get(sql) as Database.Statement<Bound, Row> | undefined;
      const statement = known ?? db.prepare<Bound, Row>(plannedOnce(sql));
      statements.set(sql, statement);
      return statement;
    },
  };
}

/** The names of a table's columns; none where there is no such table. */
export function columnsOf(db: Database.Database, table: string): string[] {
  return db.prepare<unknown[], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
}

/** The row of a query that always has one, such as a count. Errors: throws where it has none. */
export function one<R>(row: R | undefined): R {
  if (row === undefined) throw new Error('a query that always gives a row gave none');
  return row;
}
