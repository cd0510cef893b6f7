/** Lists of cases as sheets: all of them, the catalogue of published items, the register of applications. */
import type { QueryBus } from '@nestjs/cqrs';
import type { CaseQuestion, ListedCase } from '../../read-models/cases/case-list.js';
import { CountCases, GetCases } from '../../read-models/cases/case-list.query.js';
import { LIST_LIMIT } from '../../read-models/lists.js';
import type { Sheet } from '../sheets/sheet.js';
import { said, standingActs, type CaseAct } from './case-acts.js';
import { listSheet, type ListColumn } from './list-sheet.js';
import { actName, worded } from './words.js';

export interface ListQuestion {
  readonly agency: string;
  /** Told after each page how many rows there are so far, of how many. */
  readonly progress?: (rows: number, of: number) => void;
}

const CASE_COLUMNS: readonly ListColumn<ListedCase>[] = [
  { head: '事项 case', width: 30, of: ({ case: name }) => name },
  { head: '标题 title', width: 40, of: ({ title }) => title ?? '' },
  { head: '状态 state', width: 20, of: ({ state }) => state },
  { head: '自 since', width: 12, of: ({ since }) => since },
  { head: '待办 waits for', width: 36, of: ({ waitsFor }) => waitsFor.map(waiting).join('; ') },
  { head: '期限 due', width: 12, of: ({ dueOn }) => dueOn ?? '' },
];

function waiting({ act, step, role, holders }: ListedCase['waitsFor'][number]): string {
  const who = holders === null ? '' : `: ${holders.join(', ')}`;
  return `${step ?? actName(act)}${role === null ? '' : ` (${role})`}${who}`;
}

/** A case with its standing acts, in their order. */
interface Followed {
  readonly listed: ListedCase;
  readonly acts: readonly CaseAct[];
}

const RELEASED = 'publication.released';

const CATALOGUE_COLUMNS: readonly ListColumn<Followed>[] = [
  { head: '编号 number', width: 22, of: ({ listed }) => listed.number },
  { head: '标题 title', width: 48, of: ({ listed }) => listed.title ?? '' },
  { head: '文号 document number', width: 22, of: ({ acts }) => said(last(acts, RELEASED), 'derived', 'documentNumber') },
  { head: '类别 category', width: 16, of: ({ acts }) => said(first(acts, 'publication.drafted'), 'category') },
  { head: '规范性文件 normative', width: 16, of: ({ acts }) => rankOf(first(acts, RELEASED)) },
  { head: '首次公开 first released', width: 14, of: ({ acts }) => first(acts, RELEASED)?.on ?? '' },
  {
    head: '公开渠道 channels',
    width: 30,
    of: ({ acts }) =>
      all(acts, RELEASED)
        .map((act) => worded(said(act, 'channel')))
        .join(', '),
  },
  {
    head: '网址 address',
    width: 40,
    of: ({ acts }) =>
      all(acts, RELEASED)
        .flatMap((act) => said(act, 'url') || [])
        .join(', '),
  },
  { head: '状态 state', width: 20, of: ({ listed }) => listed.state },
  { head: '自 since', width: 12, of: ({ listed }) => listed.since },
  { head: '内容摘要 content hash', width: 40, of: ({ acts }) => said(last(acts, RELEASED), 'contentHash') },
];

function rankOf(release: CaseAct | undefined): string {
  const rank = said(release, 'derived', 'rank');
  return rank === 'none' ? '' : worded(rank);
}

const RECEIVED = 'application.received';
const REPLIED = 'application.replied';
/** What ends an application; each names its outcome or its own kind. */
const CLOSES: readonly string[] = [REPLIED, 'application.abandoned', 'application.withdrawn'];

const REGISTER_COLUMNS: readonly ListColumn<Followed>[] = [
  { head: '编号 number', width: 22, of: ({ listed }) => listed.number },
  { head: '收到 received', width: 12, of: ({ acts }) => first(acts, RECEIVED)?.on ?? '' },
  { head: '渠道 channel', width: 18, of: ({ acts }) => worded(said(first(acts, RECEIVED), 'channel')) },
  { head: '申请人类别 kind of applicant', width: 22, of: ({ acts }) => worded(said(first(acts, RECEIVED), 'applicant', 'kind')) },
  { head: '状态 state', width: 20, of: ({ listed }) => listed.state },
  { head: '自 since', width: 12, of: ({ listed }) => listed.since },
  { head: '期限 due', width: 12, of: ({ listed }) => listed.dueOn ?? '' },
  { head: '办结 closed', width: 12, of: ({ acts }) => closeOf(acts)?.on ?? '' },
  { head: '答复结果 outcome', width: 26, of: ({ acts }) => worded(outcomeOf(closeOf(acts))) },
  { head: '理由 ground', width: 26, of: ({ acts }) => groundOf(closeOf(acts)) },
  { head: '待办 waits for', width: 36, of: ({ listed }) => listed.waitsFor.map(waiting).join('; ') },
];

const all = (acts: readonly CaseAct[], type: string): CaseAct[] => acts.filter((act) => act.type === type);
const first = (acts: readonly CaseAct[], type: string): CaseAct | undefined => acts.find((act) => act.type === type);
const last = (acts: readonly CaseAct[], type: string): CaseAct | undefined => acts.findLast((act) => act.type === type);

/** An answer that only asks for changes ends nothing. */
function closeOf(acts: readonly CaseAct[]): CaseAct | undefined {
  return acts.find((act) => CLOSES.includes(act.type) && outcomeOf(act) !== 'amend-supplement');
}

function outcomeOf(close: CaseAct | undefined): string {
  if (close === undefined) return '';
  return close.type === REPLIED ? said(close, 'outcome') : close.type.replace('application.', '');
}

function groundOf(close: CaseAct | undefined): string {
  return said(close, 'ground') || said(close, 'reason');
}

export function caseSheet(queries: QueryBus, question: ListQuestion): Sheet {
  return listSheet('事项清单', CASE_COLUMNS, listed(queries, question, [{}]));
}

/** Items that are public. Numbers and categories stand in the acts of their release and draft. */
export function catalogueSheet(queries: QueryBus, question: ListQuestion): Sheet {
  const states = ['released', 'released-under-revision'].map((state) => ({ kind: 'publication', state }));
  return listSheet('主动公开目录', CATALOGUE_COLUMNS, followed(queries, question, listed(queries, question, states)));
}

/** Applications. Who applied and for what is sealed, and not in it. */
export function registerSheet(queries: QueryBus, question: ListQuestion): Sheet {
  const all = listed(queries, question, [{ kind: 'application' }]);
  return listSheet('依申请公开登记', REGISTER_COLUMNS, followed(queries, question, all));
}

type Filters = Pick<CaseQuestion, 'kind' | 'state'>;

/** Page by page, so that a long list takes no more memory than a short one. */
async function* listed(queries: QueryBus, { agency, progress }: ListQuestion, several: readonly Filters[]): AsyncGenerator<ListedCase> {
  let rows = 0;
  const counts = await Promise.all(several.map((filters) => queries.execute(new CountCases({ agency, ...filters }))));
  const of = counts.reduce((sum, count) => sum + count, 0);
  for (const filters of several) {
    let after: string | null = null;
    do {
      const page: { readonly cases: readonly ListedCase[]; readonly next: string | null } = await queries.execute(
        new GetCases({ agency, ...filters, limit: LIST_LIMIT, ...(after === null ? {} : { after }) }),
      );
      yield* page.cases;
      rows += page.cases.length;
      progress?.(rows, of);
      after = page.next;
    } while (after !== null);
  }
}

async function* followed(queries: QueryBus, { agency }: ListQuestion, cases: AsyncIterable<ListedCase>): AsyncGenerator<Followed> {
  for await (const one of cases) yield { listed: one, acts: await standingActs(queries, agency, one.case) };
}
