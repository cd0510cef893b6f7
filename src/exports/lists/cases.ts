/** Lists of cases as sheets: all of them, the catalogue of published items, the register of applications. */
import type { QueryBus } from '@nestjs/cqrs';
import { GetTrail } from '../../privacy/handlers.js';
import type { CaseQuestion, ListedCase } from '../../read-models/cases/case-list.js';
import { GetCases } from '../../read-models/cases/case-list.query.js';
import { LIST_LIMIT } from '../../read-models/lists.js';
import type { Trail, TrailEntry } from '../../read-models/trail/trail-reader.js';
import { dateInShanghai, parseInstant } from '../../time/instant.js';
import type { Sheet } from '../sheets/sheet.js';
import { listSheet, type ListColumn } from './list-sheet.js';

export interface ListQuestion {
  readonly agency: string;
  /** Told after each page how many rows there are so far. */
  readonly progress?: (rows: number) => void;
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
  return `${step ?? act.replace('disclosure.', '')}${role === null ? '' : ` (${role})`}${who}`;
}

/** A case with what its acts say. */
interface Followed {
  readonly listed: ListedCase;
  /** Those that stand, in their order. */
  readonly acts: readonly TrailEntry[];
}

const CATALOGUE_COLUMNS: readonly ListColumn<Followed>[] = [
  { head: '编号 number', width: 22, of: ({ listed }) => listed.number },
  { head: '标题 title', width: 48, of: ({ listed }) => listed.title ?? '' },
  { head: '首次公开 first released', width: 14, of: ({ acts }) => dayOf(releases(acts)[0]) },
  {
    head: '公开渠道 channels',
    width: 26,
    of: ({ acts }) =>
      releases(acts)
        .map(({ channel }) => channel ?? '')
        .join(', '),
  },
  { head: '状态 state', width: 20, of: ({ listed }) => listed.state },
  { head: '自 since', width: 12, of: ({ listed }) => listed.since },
  { head: '内容摘要 content hash', width: 40, of: ({ acts }) => releases(acts).at(-1)?.contentHash ?? '' },
];

const REGISTER_COLUMNS: readonly ListColumn<Followed>[] = [
  { head: '编号 number', width: 22, of: ({ listed }) => listed.number },
  { head: '收到 received', width: 12, of: ({ acts }) => dayOf(ofType(acts, 'received')[0]) },
  { head: '渠道 channel', width: 12, of: ({ acts }) => ofType(acts, 'received')[0]?.channel ?? '' },
  { head: '状态 state', width: 20, of: ({ listed }) => listed.state },
  { head: '自 since', width: 12, of: ({ listed }) => listed.since },
  { head: '期限 due', width: 12, of: ({ listed }) => listed.dueOn ?? '' },
  { head: '答复 replied', width: 12, of: ({ acts }) => dayOf(ofType(acts, 'replied')[0]) },
  { head: '待办 waits for', width: 36, of: ({ listed }) => listed.waitsFor.map(waiting).join('; ') },
];

export function caseSheet(queries: QueryBus, question: ListQuestion): Sheet {
  return listSheet('事项清单', CASE_COLUMNS, listed(queries, question, [{}]));
}

/** Items that are public, each with its releases. */
export function catalogueSheet(queries: QueryBus, question: ListQuestion): Sheet {
  const states = ['released', 'released-under-revision'].map((state) => ({ kind: 'publication', state }));
  return listSheet('主动公开目录', CATALOGUE_COLUMNS, followed(queries, question, listed(queries, question, states)));
}

/** Applications. Who applied and for what is sealed, and not in it. */
export function registerSheet(queries: QueryBus, question: ListQuestion): Sheet {
  const all = listed(queries, question, [{ kind: 'application' }]);
  return listSheet('依申请公开登记', REGISTER_COLUMNS, followed(queries, question, all));
}

type Filters = Omit<CaseQuestion, 'agency' | 'after' | 'limit'>;

/** Page by page, so that a long list takes no more memory than a short one. */
async function* listed(queries: QueryBus, { agency, progress }: ListQuestion, several: readonly Filters[]): AsyncGenerator<ListedCase> {
  let rows = 0;
  for (const filters of several) {
    let after: string | null = null;
    do {
      const page: { readonly cases: readonly ListedCase[]; readonly next: string | null } = await queries.execute(
        new GetCases({ agency, ...filters, limit: LIST_LIMIT, ...(after === null ? {} : { after }) }),
      );
      yield* page.cases;
      rows += page.cases.length;
      progress?.(rows);
      after = page.next;
    } while (after !== null);
  }
}

async function* followed(queries: QueryBus, { agency }: ListQuestion, cases: AsyncIterable<ListedCase>): AsyncGenerator<Followed> {
  for await (const one of cases) {
    const { kind, number } = one;
    // As nobody in particular: no sealed text is opened for a list.
    const trail: Trail = await queries.execute(new GetTrail(agency, { kind, number }, { officer: null }));
    yield { listed: one, acts: trail.entries.filter(stands) };
  }
}

function stands({ remarks }: TrailEntry): boolean {
  return remarks.every(({ code }) => code !== 'voided');
}

function ofType(acts: readonly TrailEntry[], act: string): TrailEntry[] {
  return acts.filter(({ type }) => type.endsWith(`.${act}`));
}

const releases = (acts: readonly TrailEntry[]): TrailEntry[] => ofType(acts, 'released');

/** In Asia/Shanghai. */
function dayOf(entry: TrailEntry | undefined): string {
  const instant = parseInstant(entry?.at);
  return instant === null ? '' : dateInShanghai(instant);
}
