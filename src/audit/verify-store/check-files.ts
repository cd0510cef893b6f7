/**
 * The files that a live store answers from, each held against itself: pages, trees, indexes against their tables, keys
 * against their check values.
 */
import { messageOf } from '../../encoding/unknown-values.js';
import { damagedKeys } from '../../sealing/key-store.js';
import { integrityOf, isDamage, openDatabase } from '../../sqlite/open-database.js';
import { columnsOf } from '../../sqlite/statements.js';
import type { StoreFinding } from './findings.js';

const FILES = {
  'log-damaged': { said: '日志文件损坏 (the file of the log is not whole)', table: 'events' },
  'read-damaged': { said: '读库文件损坏 (the file of the read store is not whole)', table: 'projections' },
  'keys-damaged': { said: '密钥库文件损坏 (the file of the key store is not whole)', table: 'keys' },
} as const;

/** At most one finding: a file is whole or not. Opened for reading, beside whoever writes it. */
export function checkFile(rule: keyof typeof FILES, file: string): StoreFinding[] {
  const found = whatIsWrong(rule, file);
  return found === null ? [] : [{ rule, severity: 'error', where: {}, message: `${FILES[rule].said}: ${found}` }];
}

function whatIsWrong(rule: keyof typeof FILES, file: string): string | null {
  const { table } = FILES[rule];
  try {
    const db = openDatabase(file, { readonly: true, fileMustExist: true });
    try {
      const [line] = integrityOf(db);
      if (line !== undefined) return line;
      if (columnsOf(db, table).length === 0) return `no such table: ${table}`;
      const keys = rule === 'keys-damaged' ? damagedKeys(db) : [];
      return keys.length === 0
        ? null
        : `${keys.length} 个密钥已变 (keys are not what they were when they were made): ${keys.slice(0, 3).join(', ')}`;
    } finally {
      db.close();
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    return messageOf(error);
  }
}
