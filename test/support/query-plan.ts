/** How SQLite answers a question: the steps of its plan, such as `SEARCH c USING INDEX …`. */
import type Database from 'better-sqlite3';
import { plannedOnce } from '../../src/sqlite/statements.js';

export function queryPlan(db: Database.Database, sql: string, ...bound: readonly unknown[]): string[] {
  return db
    .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${plannedOnce(sql)}`)
    .all(...bound)
    .map(({ detail }) => detail);
}
