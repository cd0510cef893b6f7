/**
 * Whether two read stores hold the same rows, asked inside SQLite: a third of the time it takes to read both into this
 * program. It only ever says that they do; where they differ, and what of, is for who reads them row by row.
 */
import type Database from 'better-sqlite3';
import { isDamage } from '../sqlite/open-database.js';
import { columnsOf, one } from '../sqlite/statements.js';

const OTHER = 'other';

export class SameRows {
  readonly #db: Database.Database;
  readonly #schema: Database.Statement<unknown[], string>;

  /** `file` is read through the connection `db` until that is closed, also within its transaction. */
  constructor(db: Database.Database, file: string) {
    this.#db = db;
    db.prepare(`ATTACH ? AS ${OTHER}`).run(file);
    this.#schema = db
      .prepare<unknown[], string>(
        `SELECT a.sql FROM main.sqlite_schema a JOIN ${OTHER}.sqlite_schema b USING (type, name, sql) WHERE a.type = 'table' AND a.name = ?`,
      )
      .pluck();
  }

  /**
   * How many rows both have of a table, if they are the same; null where they are not known to be. `order`: a key of
   * the table, its columns with commas between them.
   */
  count(table: string, order: string): number | null {
    // Values compare as their columns are declared: only of one and the same declaration they compare as what they are.
    if (this.#schema.get(table) === undefined) return null;
    try {
      const [here, there] = ['main', OTHER].map((of) => this.#number(`SELECT COUNT(*) FROM ${of}.${table}`));
      return here === there && here === this.#number(this.#alike(table, order.split(', '))) ? here : null;
    } catch (error) {
      // A file that is not whole says so again to who reads it row by row.
      if (isDamage(error)) return null;
      throw error;
    }
  }

  /** In the order of the table itself, so that what is looked up lies beside what was looked up before. */
  #alike(table: string, keys: readonly string[]): string {
    const values = columnsOf(this.#db, table).filter((column) => !keys.includes(column));
    const conditions = [...keys.map((key) => `b.${key} = a.${key}`), ...values.map((column) => `b.${column} IS a.${column}`)];
    return `SELECT COUNT(*) FROM main.${table} a NOT INDEXED CROSS JOIN ${OTHER}.${table} b ON ${conditions.join(' AND ')}`;
  }

  #number(sql: string): number {
    return one(this.#db.prepare<unknown[], number>(sql).pluck().get());
  }
}
