/**
 * One state of a database for code that reads it while another thread writes: what runs without a wait sees nothing
 * change beneath it, as if the writing were done in its own thread.
 */
import type Database from 'better-sqlite3';

const ASKING = ['get', 'all', 'iterate'] as const;

/**
 * From here on the first question in a turn of the event loop begins a read transaction, and it ends with the turn. So
 * messages of one turn share it, as beginning one costs more than most questions, and none lives long enough to hold up
 * a checkpoint of the write-ahead log. Only statements and transactions that are prepared after this call take part.
 * Gives what ends it at once: to be called when something newer is known to be there, and never within a question.
 */
export function readOneStateAtATime(db: Database.Database): () => void {
  const begin = db.prepare('BEGIN');
  const end = db.prepare('COMMIT');
  const letGo = (): void => {
    if (!db.open || !db.inTransaction) return;
    try {
      end.run();
    } catch {
      // Somebody still goes through rows.
      setImmediate(letGo);
    }
  };
  const hold = (): void => {
    if (db.inTransaction) return;
    begin.run();
    setImmediate(letGo);
  };
  const holding =
    <Given extends unknown[], Answer>(ask: (...given: Given) => Answer) =>
    (...given: Given): Answer => {
      hold();
      return ask(...given);
    };
  const prepare = db.prepare.bind(db);
  const transaction = db.transaction.bind(db);
  const replace = (of: object, name: string, value: unknown): unknown => Object.defineProperty(of, name, { value, configurable: true });
  replace(db, 'prepare', (sql: string) => {
    const statement = prepare<unknown[]>(sql);
    for (const name of ASKING) if (statement.reader) replace(statement, name, holding<unknown[], unknown>(statement[name].bind(statement)));
    return statement;
  });
  replace(db, 'transaction', <Given extends unknown[], Answer>(run: (...given: Given) => Answer) =>
    holding((...given: Given) => transaction(run)(...given)),
  );
  return letGo;
}
