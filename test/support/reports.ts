/**
 * A yearly report through its chain, as messages: what is compiled is the table that the ledger gives at that moment.
 */
import type { Table } from '../../src/tables/table.js';
import type { TableReader } from '../../src/tables/table-reader.js';
import { AGENCY, at, message, type Message } from './messages.js';

export interface Reported {
  readonly agency?: string;
  readonly year?: number;
  /** Day of the compilation; the chain signs on the same day. */
  readonly day?: string;
  readonly accepted?: readonly { readonly rule: string; readonly cells: readonly string[]; readonly reason: string }[];
  readonly url?: string;
}

/**
 * The four messages for a table, or five with two steps: compiled, cleared by each step of the standard chain,
 * approved, published.
 */
export function reportOf(table: Pick<Table, 'form' | 'asOf' | 'hash'>, about: Reported = {}): Message[] {
  return [compiled(table, about), ...signed(table, about), published(table, about)];
}

export function compiled(table: Pick<Table, 'form' | 'asOf' | 'hash'>, about: Reported = {}, actor = 'compiler'): Message {
  const { year = 2017, day = '2018-01-20', accepted } = about;
  const data = { year, form: table.form, index: table.asOf.index, tableHash: table.hash, ...(accepted === undefined ? {} : { accepted }) };
  return act('compiled', about, at(day, 9), actor, data);
}

export function signed({ hash: tableHash }: Pick<Table, 'hash'>, about: Reported = {}): Message[] {
  const { day = '2018-01-20' } = about;
  return [
    act('cleared', about, at(day, 10), 'office', { step: 'office', verdict: 'passed', tableHash }),
    act('cleared', about, at(day, 11), 'lawyer', { step: 'regulations', verdict: 'passed', tableHash, opinion: '数据无误' }),
    act('approved', about, at(day, 12), 'leader', { tableHash }),
  ];
}

export function published({ hash: tableHash }: Pick<Table, 'hash'>, about: Reported = {}): Message {
  const { day = '2018-01-20', url } = about;
  return act('published', about, at(day, 15), 'editor', { tableHash, ...(url === undefined ? {} : { url }) });
}

function act(
  name: string,
  { agency = AGENCY, year = 2017 }: Reported,
  time: string,
  actor: string,
  data: Record<string, unknown>,
): Message {
  return message(`report.${name}`, `report/${year}`, time, actor, data, { agency });
}

/** The table as it stands now. */
export async function tableNow(
  ledger: { readonly tables: TableReader; settled(): Promise<void> },
  { agency = AGENCY, year = 2017 }: Reported = {},
): Promise<Table> {
  await ledger.settled();
  return ledger.tables.table({ agency, year });
}

/**
 * A live or declared table as the published view gives it once it is: what is said beside the live one only stays
 * behind.
 */
export function asPublished({ published: _mark, ...table }: Table): Table {
  return { ...table, view: 'published' };
}
