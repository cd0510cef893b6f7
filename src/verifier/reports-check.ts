/**
 * Reports: what was published is a table that was compiled, frozen as it was, recomputed as of its own index, and signed off in its round under its own hash.
 * A compilation begins a round; taking an act back (`record.voided`) leaves what stood before it.
 */
import type { EventSink } from './entries-check.js';
import type { Findings } from './findings.js';
import type { PackEvent } from './layout.js';
import { readTable, type PrintedTable } from './printed-table.js';
import { parseStream, type Cut } from './streams.js';
import type { TablesCheck } from './tables-check.js';

/** An act on a report, as far as it is needed later. */
interface ReportAct {
  readonly type: string;
  readonly eventId: string;
  readonly messageId: string;
  readonly source: string;
  readonly tableHash: string;
  readonly verdict: string;
}

interface Report {
  acts: ReportAct[];
  /** Digest of the canonical table that was published last; null before. */
  published: PrintedTable | null;
}

interface ChainSet {
  readonly time: number;
  readonly empty: boolean;
}

export class ReportsCheck implements EventSink {
  readonly #findings: Findings;
  readonly #tables: TablesCheck;
  readonly #cut: Cut | null;
  readonly #reports = new Map<string, Report>();
  /** Frozen tables that are not published yet, by the event that compiled them; null where it holds none that can be read. */
  readonly #frozen = new Map<string, PrintedTable | null>();
  readonly #chains = new Map<string, ChainSet[]>();
  #publications = 0;

  constructor(findings: Findings, tables: TablesCheck, cut: Cut | null) {
    this.#findings = findings;
    this.#tables = tables;
    this.#cut = cut;
  }

  /** Acts of publication seen. */
  get publications(): number {
    return this.#publications;
  }

  add(event: PackEvent): void {
    if (event.type === 'agency.clearance-chain-set') this.#chain(event);
    const name = parseStream(event.stream);
    if (name?.kind !== 'report') return;
    const report = this.#reports.get(event.stream) ?? { acts: [], published: null };
    this.#reports.set(event.stream, report);
    if (event.type === 'record.voided') this.#voided(report, event);
    else if (event.type === 'report.published') this.#published(report, event, name.agency);
    else {
      if (event.type === 'report.compiled') this.#compiled(event);
      report.acts.push(actOf(event));
    }
  }

  #chain({ stream, occurredAt, data }: PackEvent): void {
    const agency = parseStream(stream)?.agency ?? '';
    const steps = data['steps'];
    const set = { time: Date.parse(occurredAt ?? ''), empty: Array.isArray(steps) && steps.length === 0 };
    this.#chains.set(agency, [...(this.#chains.get(agency) ?? []), set]);
  }

  #voided(report: Report, { data, metadata }: PackEvent): void {
    const message = data['message'] as { readonly id?: unknown; readonly source?: unknown } | undefined;
    const source = message?.source ?? metadata['source'];
    report.acts = report.acts.filter((act) => act.messageId !== message?.id || act.source !== source);
  }

  #compiled(event: PackEvent): void {
    const where = `index ${event.index} ${event.stream}`;
    const derived = event.data['derived'] as { readonly table?: unknown } | undefined;
    let table: PrintedTable | null = null;
    try {
      table = readTable(derived?.table);
    } catch (error) {
      this.#findings.error('report-table', where, `编制的报告没有冻结的表 (no frozen table): ${(error as Error).message}`);
    }
    this.#frozen.set(event.eventId, table);
    if (table === null) return;
    const { year, form, index, tableHash } = event.data;
    if (table.hash !== tableHash)
      this.#findings.error('report-hash', where, '冻结的表与其散列不符 (the frozen table has another hash than was compiled)');
    const name = parseStream(event.stream);
    if (table.agency !== name?.agency || table.year !== year || table.form !== form || table.asOf.index !== index)
      this.#findings.error(
        'report-table',
        where,
        '冻结的表属于另一机关、年度、表式或位置 (the frozen table is of another agency, year, form or index)',
      );
    if (!(table.asOf.index < event.index))
      this.#findings.error('report-table', where, '冻结的表晚于编制 (the frozen table is as of a later event)');
    // Of later years than the cut's the pack has not every case.
    else if (this.#cut?.year == null || table.year <= this.#cut.year) this.#tables.content(table, where);
  }

  #published(report: Report, event: PackEvent, agency: string): void {
    const where = `index ${event.index} ${event.stream}`;
    this.#publications += 1;
    const at = report.acts.findLastIndex(({ type }) => type === 'report.compiled');
    const compiled = report.acts[at];
    if (compiled === undefined) {
      this.#findings.error('report-chain', where, '公布前未编制 (published without having been compiled)');
      return;
    }
    report.published = this.#frozen.get(compiled.eventId) ?? null;
    const derived = event.data['derived'] as { readonly compiled?: unknown } | undefined;
    if (derived?.compiled !== compiled.eventId || event.data['tableHash'] !== compiled.tableHash)
      this.#findings.error('report-chain', where, '公布的不是最后编制的表 (another table is published than the one compiled last)');
    const round = report.acts.slice(at + 1);
    if (round.some(({ verdict }) => verdict === 'returned'))
      this.#findings.error('report-chain', where, '退回后未重新编制 (published after it was returned)');
    const approved = round.some(({ type, tableHash }) => type === 'report.approved' && tableHash === compiled.tableHash);
    if (!approved && !this.#isEmptyChain(agency, event.occurredAt))
      this.#findings.error('report-chain', where, '未经签发即公布 (published without an approval of this table)');
  }

  #isEmptyChain(agency: string, occurredAt: string | null): boolean {
    const time = Date.parse(occurredAt ?? '');
    let found: ChainSet | null = null;
    for (const set of this.#chains.get(agency) ?? []) if (set.time <= time && (found === null || set.time >= found.time)) found = set;
    return found?.empty ?? false;
  }

  /** A published table in the pack is the frozen one. */
  member(table: PrintedTable, where: string): void {
    const published = this.#reports.get(`report-${table.agency}/${table.year}`)?.published ?? null;
    if (published === null)
      this.#findings.error('published-without-report', where, '没有公布该表的报告事件 (no event published this table)');
    else if (published.computedHash !== table.computedHash || published.hash !== table.hash)
      this.#findings.error('published-differs', where, '与公布时冻结的表不同 (another table than the one frozen and published)');
  }

  /** Reports published, whose tables the pack should hold. */
  *expected(): Generator<{ readonly agency: string; readonly year: number }> {
    for (const { published } of this.#reports.values()) if (published !== null) yield { agency: published.agency, year: published.year };
  }
}

function actOf({ type, eventId, data, metadata }: PackEvent): ReportAct {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    type,
    eventId,
    messageId: text(metadata['id']),
    source: text(metadata['source']),
    tableHash: text(data['tableHash']),
    verdict: text(data['verdict']),
  };
}
