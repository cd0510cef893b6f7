/**
 * Lists by pages. A page goes on behind a bookmark, which is made of the ledger index at which its last element began:
 * no later act moves it, so that a list has no gaps and nothing twice while acts are recorded.
 */
import { QueryProblem } from './query-problem.js';

/** What a page, or a list that has no pages, gives at most. */
export const LIST_LIMIT = 1000;
export const DEFAULT_LIMIT = 100;

export interface PageAsked {
  /** The `next` of the page before; absent = the first page. */
  readonly after?: string;
  /** 1 to 1000, 100 without it. */
  readonly limit?: number;
}

/** Where an element begins: the index of its first event, and which of those that begin there. */
export interface ListPlace {
  readonly index: number;
  readonly nth: number;
}

/** Of a list of that name. */
export function bookmarkOf(list: string, { index, nth }: ListPlace): string {
  return Buffer.from(`${list} ${index} ${nth}`).toString('base64url');
}

/** -1: before the first event. */
const BOOKMARK = /^([a-z]+) (-1|\d{1,15}) (\d)$/;

/** null for the first page. Errors: `bad-parameter` for what is no bookmark of the list. */
export function placeOf(list: string, after: string | undefined): ListPlace | null {
  if (after === undefined) return null;
  const [text, of, index, nth] = BOOKMARK.exec(Buffer.from(after, 'base64url').toString()) ?? [];
  // Only as it was given out: another spelling of the same bytes is none.
  if (text === undefined || of !== list || bookmarkOf(list, { index: Number(index), nth: Number(nth) }) !== after) throw foreignBookmark();
  return { index: Number(index), nth: Number(nth) };
}

export function foreignBookmark(): QueryProblem {
  return new QueryProblem('bad-parameter', 'after is no bookmark of this list.', 'Give the next of the page before, as it was.');
}

/** Errors: `bad-parameter`. */
export function limitOf({ limit = DEFAULT_LIMIT }: PageAsked): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIST_LIMIT) return limit;
  throw new QueryProblem('bad-parameter', 'limit is out of range.', `Give a limit from 1 to ${LIST_LIMIT}.`);
}

export interface Page<T> {
  readonly items: readonly T[];
  /** null where nothing is behind it. */
  readonly next: string | null;
}

/** As many as asked for, and whether there is one more. */
export function pageOf<T>(found: Iterable<T>, limit: number, bookmark: (last: T) => string): Page<T> {
  const items: T[] = [];
  for (const item of found) {
    const last = items.at(-1);
    if (items.length === limit && last !== undefined) return { items, next: bookmark(last) };
    items.push(item);
  }
  return { items, next: null };
}

/** Row ids behind one, ascending, at most so many. */
export type Ids = (after: number, count: number) => readonly number[];

const [FIRST_READ, MOST_READ] = [8, 512];

/** All of them, read a few at a time. */
function* drained(ids: Ids, after: number): Generator<number> {
  for (let count = FIRST_READ, last = after; ; count = Math.min(2 * count, MOST_READ)) {
    const some = ids(last, count);
    yield* some;
    if (some.length < count) return;
    last = some.at(-1) ?? last;
  }
}

/** Those of several sources in one order; none of them is in two. */
export function merged(sources: readonly Ids[], after: number): Generator<number> {
  return inOrder(
    sources.map((ids) => drained(ids, after)),
    'asc',
  );
}

export type Order = 'asc' | 'desc';

/** A source whose first id is known. */
export interface Headed {
  readonly head: number;
  /** Those behind one: above it, or below it in descending order. */
  readonly rest: Ids;
}

/** Those of several sources in ascending or descending order; none of them is in two. */
export function mergedHeads(sources: readonly Headed[], order: Order): Generator<number> {
  return inOrder(
    sources.map(({ head, rest }) => startingWith(head, rest)),
    order,
  );
}

function* startingWith(head: number, rest: Ids): Generator<number> {
  yield head;
  yield* drained(rest, head);
}

interface Pending {
  readonly rest: Iterator<number>;
  readonly value: number;
}

/**
 * The next one stands last. With thousands of sources each id costs a few comparisons and one move of memory, which is
 * less than what a heap costs here.
 */
function* inOrder(sources: readonly Iterator<number>[], order: Order): Generator<number> {
  const sign = order === 'asc' ? 1 : -1;
  const pending = sources.flatMap((rest): Pending[] => {
    const head = rest.next();
    return head.done === true ? [] : [{ rest, value: sign * head.value }];
  });
  pending.sort((a, b) => b.value - a.value);
  for (let first = pending.pop(); first !== undefined; first = pending.pop()) {
    yield sign * first.value;
    const { rest } = first;
    const next = rest.next();
    if (next.done !== true) insert(pending, { rest, value: sign * next.value });
  }
}

/** Into a list that falls, by halving. */
function insert(pending: Pending[], added: Pending): void {
  let [low, high] = [0, pending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pending[middle]?.value ?? 0) > added.value) low = middle + 1;
    else high = middle;
  }
  pending.splice(low, 0, added);
}

/** Of ids that are known already, in any order. */
export function idsOf(known: readonly number[]): Ids {
  const sorted = [...known].sort((a, b) => a - b);
  return (after, count) => {
    const from = sorted.findIndex((id) => id > after);
    return from < 0 ? [] : sorted.slice(from, from + count);
  };
}
