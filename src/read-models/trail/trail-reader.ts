/** The review and sign-off trail of a case, and what a year of an agency looked like. */
import type { Caller } from '../../domain/agency/acts.js';
import { caseName, streamOf, type CaseRef } from '../../domain/identifiers.js';
import { sure } from '../../encoding/unknown-values.js';
import { formatInstant } from '../../time/instant.js';
import { duration, durationInSeconds } from '../../time/duration.js';
import { publicType } from '../../events/catalog.js';
import type { TrailDetail } from './audit-trail.js';
import { idText } from '../journal/journal.js';
import type { ReadStore } from '../read-store.js';
import { agencyIdOf } from '../agencies/agency-reader.js';
import { agencyMoment, trailEnd, type CaseAsOf } from '../cases/case-as-of.js';
import { unknownCase } from '../query-problem.js';
import { one } from '../../sqlite/statements.js';
import { REVIEWED, waitsOf, type StepWaits } from './review-waits.js';
import { detailOf, standingActs } from './standing-acts.js';
import type { RemarkCode } from './remark-codes.js';
import { yearSummary, type YearSummary } from './year-summary.js';

export interface Remark {
  readonly code: RemarkCode;
  readonly message: string;
}

export interface TrailEntry {
  readonly eventId: string;
  readonly type: string;
  /** Time of the act, as handed in. */
  readonly at: string;
  /** Time of recording, RFC 3339. */
  readonly recordedAt: string;
  /** From the act to its recording, an ISO 8601 duration with days as the largest unit; `PT0S` at least. */
  readonly recordedAfter: string;
  readonly actor: string;
  /** The role it was done in; null where the act needs none. */
  readonly role: string | null;
  readonly attestation: string;
  /** As its token named who sent it; absent where nobody is identified. */
  readonly caller?: Caller | string;
  readonly contentHash: string | null;
  /** Opinion, reason or note; null where there is none, or it is sealed. */
  readonly opinion: string | null;
  /** The act holds sealed texts that are not shown here. */
  readonly sealed?: true;
  /**
   * Time since the latest act this one rests on, an ISO 8601 duration in days, hours and minutes; null where it rests
   * on none.
   */
  readonly waited: string | null;
  readonly remarks: readonly Remark[];
  readonly step?: string;
  readonly verdict?: string;
  readonly channel?: string;
  readonly approvedBy?: { readonly actor: string; readonly attestation: 'none' };
}

export interface Trail {
  readonly case: string;
  readonly state: string;
  readonly title: string | null;
  /** In order of the acts; of two at the same time the one recorded first. */
  readonly entries: readonly TrailEntry[];
  /** What is missing or was out of order in the case as a whole. */
  readonly remarks: readonly Remark[];
}

export interface CaseSummary extends Omit<CaseAsOf, 'index' | 'place'> {
  readonly agency: string;
  readonly case: string;
  readonly stream: string;
}

interface Row {
  readonly index: number;
  readonly eventId: Buffer;
  readonly type: string;
  readonly at: string;
  readonly recordedAt: number;
  readonly instant: number;
  readonly actor: string;
  readonly role: string | null;
  readonly detail: string;
  readonly flagged: number;
  readonly reused: number;
}

const ENTRIES = `SELECT tr.idx AS "index", e.event_id AS eventId, t.name AS type, e.at, e.recorded_at AS recordedAt, tr.instant, tr.actor, tr.role, tr.detail,
    (SELECT COALESCE(SUM(change), 0) FROM signed_without_role w WHERE w.agency_id = s.agency_id AND w.year = tr.year AND w.signed_idx = tr.idx AND w.idx <= @index) AS flagged,
    EXISTS (SELECT 1 FROM reused_ids r WHERE r.idx = tr.idx) AS reused
  FROM trail tr JOIN events e USING (idx) JOIN names t ON t.name_id = e.type_id JOIN streams s ON s.stream_id = tr.stream_id
  WHERE tr.stream_id = @stream AND tr.idx <= @index ORDER BY tr.instant, tr.idx`;

/** Behind every event there is. */
const NOW = Number.MAX_SAFE_INTEGER;

export class TrailReader {
  readonly #store: ReadStore;

  constructor(store: ReadStore) {
    this.#store = store;
  }

  /** `then`: as it stood at an earlier moment. */
  case(agency: string, ref: CaseRef, then?: CaseAsOf): CaseSummary {
    const { db } = this.#store;
    agencyIdOf(db, agency);
    const stream = streamOf(agency, ref);
    if (then !== undefined) {
      const { index: _, place: __, ...stood } = then;
      return { agency, case: caseName(ref), ...stood, stream };
    }
    const row = db
      .prepare<unknown[], Omit<CaseSummary, 'agency' | 'case' | 'stream'>>(
        `SELECT c.kind, c.number, c.state, c.title, c.first_on AS firstOn, c.last_on AS lastOn, c.acts
         FROM cases c JOIN streams s USING (stream_id) WHERE s.stream = ?`,
      )
      .get(stream);
    if (row === undefined) throw unknownCase(agency, caseName(ref));
    return { agency, case: caseName(ref), ...row, stream };
  }

  trail(agency: string, ref: CaseRef, then?: CaseAsOf): Trail {
    return this.#store.db.transaction(() => {
      const { state, title, stream } = this.case(agency, ref, then);
      const streamId = one(this.#store.db.prepare<unknown[], number>('SELECT stream_id FROM streams WHERE stream = ?').pluck().get(stream));
      const rows = this.#store.db.prepare<unknown[], Row>(ENTRIES).all({ stream: streamId, index: then?.index ?? NOW });
      const details = new Map(rows.map((row) => [row, detailOf(row)]));
      const voided = new Map([...details].flatMap(([row, { voids }]) => (voids === undefined ? [] : [[voids, row] as const])));
      const instants = new Map(rows.map((row) => [idText(row.eventId), row.instant]));
      const late = recordedLate(rows);
      const entries = rows.map((row) => toEntry(row, sure(details.get(row)), voided.get(idText(row.eventId)), instants, late.has(row)));
      const remarks = [...caseRemarks(ref.kind, state, entries), ...this.#accesses(agency, ref, then?.index ?? NOW)];
      return { case: caseName(ref), state, title, entries, remarks };
    })();
  }

  /** How often sealed texts of the case were asked for up to an event; who and why stands in the list of accesses. */
  #accesses(agency: string, ref: CaseRef, index: number): Remark[] {
    const { db } = this.#store;
    const { given, refused, last } = one(
      db
        .prepare<unknown[], { given: number; refused: number; last: number | null }>(
          `SELECT TOTAL(a.granted) AS given, TOTAL(1 - a.granted) AS refused, MAX(e.recorded_at) AS last
         FROM accesses a JOIN events e USING (idx) WHERE a.agency_id = ? AND a.subject = ? AND a.idx <= ?`,
        )
        .get(agencyIdOf(db, agency), caseName(ref), index),
    );
    if (last === null) return [];
    const at = formatInstant(last);
    const message = `封存内容已提供 ${given} 次, 未准许 ${refused} 次, 最近一次 ${at} (sealed texts given: ${given}, refused: ${refused}, last asked for at ${at})`;
    return [{ code: 'accessed', message }];
  }

  /** How long each step of the chain waited in a year, over everything that was reviewed. Errors: `unknown-agency`. */
  waits(agency: string, year: number): readonly StepWaits[] {
    const { db } = this.#store;
    return waitsOf(standingActs(db, { agencyId: agencyIdOf(db, agency), index: NOW, year, kinds: REVIEWED }), year);
  }

  /** The year of an agency's publications. */
  year(agency: string, year: number, asOf?: string): YearSummary {
    const { db } = this.#store;
    const { agencyId, index } =
      asOf === undefined
        ? { agencyId: agencyIdOf(db, agency), index: NOW }
        : agencyMoment(this.#store, agency, asOf, trailEnd(this.#store));
    return yearSummary(db, agency, { agencyId, index, year });
  }
}

/** Of rows in the order of their times, those recorded after one that happened later. */
function recordedLate(rows: readonly Row[]): ReadonlySet<Row> {
  const late = new Set<Row>();
  let earliest = Number.POSITIVE_INFINITY;
  for (const row of [...rows].reverse()) {
    if (row.index > earliest) late.add(row);
    earliest = Math.min(earliest, row.index);
  }
  return late;
}

function toEntry(
  row: Row,
  detail: TrailDetail,
  voidedBy: Row | undefined,
  instants: ReadonlyMap<string, number>,
  late: boolean,
): TrailEntry {
  const remarks: Remark[] = [];
  if (detail.unreviewed === true)
    remarks.push({ code: 'without-review', message: '未经审查 (not reviewed: the clearance chain was empty)' });
  if (detail.verdict === 'returned') remarks.push({ code: 'returned', message: '退回修改 (returned)' });
  if (voidedBy !== undefined)
    remarks.push({ code: 'voided', message: `已撤销 (taken back by ${idText(voidedBy.eventId)} on ${voidedBy.at})` });
  if (detail.voids !== undefined) remarks.push({ code: 'void', message: `撤销 (takes back ${detail.voids})` });
  if (late) remarks.push({ code: 'recorded-out-of-order', message: '补录 (recorded after an act that happened later)' });
  if (row.flagged > 0)
    remarks.push({
      code: 'role-ended-earlier',
      message: '签批人的职责事后被终止于签批日之前 (the role of the signer was later ended with an earlier date)',
    });
  if (detail.doubtful === true)
    remarks.push({
      code: 'doubtful-name',
      message: '姓名、职责或步骤的写法可疑 (a name in it is spelled in a way that may make one person look like two)',
    });
  if (row.reused === 1)
    remarks.push({
      code: 'id-reused',
      message:
        detail.voids === undefined
          ? '报文编号已用于其他事项, 不计入统计 (its message id was used in another case; it counts nothing)'
          : '报文编号已用于其他事项, 撤销仍然有效 (its message id was used in another case; what it takes back stays taken back)',
    });
  const since = (detail.basis ?? []).flatMap((id) => instants.get(id) ?? []);
  return {
    eventId: idText(row.eventId),
    type: publicType(row.type),
    at: row.at,
    recordedAt: formatInstant(row.recordedAt),
    recordedAfter: durationInSeconds(row.recordedAt - row.instant),
    actor: row.actor,
    role: row.role,
    attestation: detail.attestation,
    ...(detail.caller === undefined ? {} : { caller: detail.caller }),
    contentHash: detail.contentHash ?? null,
    opinion: detail.opinion ?? null,
    ...(detail.sealed === undefined ? {} : { sealed: true as const }),
    waited: since.length === 0 ? null : duration(row.instant - Math.max(...since)),
    remarks,
    ...(detail.step === undefined ? {} : { step: detail.step }),
    ...(detail.verdict === undefined ? {} : { verdict: detail.verdict }),
    ...(detail.channel === undefined ? {} : { channel: detail.channel }),
    ...(detail.approvedBy === undefined ? {} : { approvedBy: { actor: detail.approvedBy, attestation: 'none' as const } }),
  };
}

/** Kind of case → state → what is missing there. */
const WAITS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  publication: {
    drafted: '尚无审查意见 (no clearance yet)',
    'in-clearance': '审查审批未完成 (clearances or the approval are missing)',
    returned: '退回后未修改 (returned, not revised since)',
    approved: '已批准未公开 (approved, not released)',
    'released-under-revision': '修订稿未公开 (a newer version is not public yet)',
  },
  application: {
    received: '尚未答复 (not answered yet)',
    'amendment-requested': '已告知更改补充, 尚未办结 (the applicant was told to change it; not closed)',
    'reply-drafted': '尚无审查意见 (no clearance yet)',
    'in-clearance': '审查审批未完成 (clearances or the approval are missing)',
    returned: '退回后未修改 (returned, not revised since)',
    approved: '已批准未答复 (approved, not sent)',
    'being-answered-again': '重新答复尚未作出 (the new answer is not sent yet)',
  },
  report: {
    compiled: '尚无审查意见 (no clearance yet)',
    'in-clearance': '审查审批未完成 (clearances or the approval are missing)',
    returned: '退回后未重新编制 (returned, not compiled again since)',
    approved: '已批准未公布 (approved, not published)',
    'being-restated': '重新编制的报表未公布 (the restated table is not published yet)',
  },
};

/** What the next act of a case waits for, and what of the whole case an auditor should look at. */
function caseRemarks(kind: string, state: string, entries: readonly TrailEntry[]): Remark[] {
  const remarks: Remark[] = [];
  const waiting = WAITS[kind]?.[state];
  if (waiting !== undefined) remarks.push({ code: 'missing', message: waiting });
  for (const code of ['without-review', 'recorded-out-of-order', 'role-ended-earlier', 'doubtful-name', 'id-reused'] as const) {
    const found = entries.flatMap((entry) => entry.remarks).find((remark) => remark.code === code);
    if (found !== undefined) remarks.push(found);
  }
  return remarks;
}
