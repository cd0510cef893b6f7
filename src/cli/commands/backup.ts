/**
 * `disclosure backup` and `disclosure restore`: the log and the keys, copied while the service runs, and put into a new
 * data folder.
 */
import { join, resolve } from 'node:path';
import { readConfig, type Config } from '../../config/config.js';
import { makeFolder, requireLedger, requirePrivateKeys } from '../../runtime/data-folder.js';
import { backUp, restore, type Copied, type Places } from '../../runtime/backup.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { print, printJson } from '../render/output.js';

export function backupCommand(folder: string, { json }: { readonly json?: boolean }): ExitCode {
  const config = readConfig(process.env);
  requireLedger(config);
  const places = placesOf(config);
  requirePrivateKeys(places.keys);
  return answer('已备份 backed up to', resolve(folder), backUp(places, resolve(folder), makeFolder), json);
}

export function restoreCommand(folder: string, { json }: { readonly json?: boolean }): ExitCode {
  const config = readConfig(process.env);
  return answer('已恢复自 restored from', resolve(folder), restore(resolve(folder), placesOf(config), makeFolder), json);
}

function placesOf({ data, keys, eventStoreDbUrl }: Config): Places {
  return { folder: data, log: eventStoreDbUrl === null ? join(data, 'log.db') : null, keys: keys ?? join(data, 'keys.db') };
}

function answer(said: string, folder: string, copied: Copied, json: boolean | undefined): ExitCode {
  if (json === true) printJson({ folder, ...copied });
  else {
    const log =
      copied.log === null
        ? '日志在 EventStoreDB, 另行备份 (the log is in EventStoreDB: back it up there)'
        : `事件 events ${copied.log.events}`;
    print(`${said} ${folder}: ${log}, 密钥 keys ${copied.keys}`);
  }
  return EXIT.done;
}
