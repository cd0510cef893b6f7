/**
 * A *constructed* event history that stands behind a published table of form 2019 or 2021: nobody published the acts
 * themselves, so these are made up to carry its figures. Only what the contract lets be declared is declared
 * (staff-like figures, the base of a stock); every other cell comes from acts.
 */
import { KINDS } from '../../src/statistics/forms/annual-report.js';
import { hashOf, type Message } from './messages.js';

export interface TableToConstruct {
  readonly year: number;
  readonly form: '2019' | '2021';
  readonly cells: Readonly<Record<string, string | null>>;
}

type Ending =
  | { readonly type: 'application.replied'; readonly outcome: string; readonly ground?: string }
  | { readonly type: 'application.abandoned'; readonly reason: string }
  | { readonly type: 'application.withdrawn' };

const answer = (outcome: string, ground?: string): Ending => ({
  type: 'application.replied',
  outcome,
  ...(ground === undefined ? {} : { ground }),
});

/**
 * Row of part three → how an application ends there. Rows that several endings reach name more than one, taken in turn.
 */
const ENDINGS: Readonly<Record<string, readonly Ending[]>> = {
  '3.3.1': [answer('granted')],
  '3.3.2': [answer('partly-granted')],
  '3.3.3.1': [answer('refused', 'state-secret')],
  '3.3.3.2': [answer('refused', 'forbidden-by-law')],
  '3.3.3.3': [answer('refused', 'safety-stability')],
  '3.3.3.4': [answer('refused', 'third-party-rights')],
  '3.3.3.5': [answer('refused', 'internal-affairs')],
  '3.3.3.6': [answer('refused', 'process-information')],
  '3.3.3.7': [answer('refused', 'enforcement-file')],
  '3.3.3.8': [answer('refused', 'inquiry-matter')],
  '3.3.4.1': [answer('unavailable', 'not-held')],
  '3.3.4.2': [answer('unavailable', 'needs-creation')],
  '3.3.4.3': [answer('unavailable', 'still-unclear')],
  '3.3.5.1': [answer('not-processed', 'petition')],
  '3.3.5.2': [answer('not-processed', 'repeated')],
  '3.3.5.3': [answer('not-processed', 'published-material')],
  '3.3.5.4': [answer('not-processed', 'excessive')],
  '3.3.5.5': [answer('not-processed', 'confirm-again')],
  '3.3.6': [answer('otherwise', 'other'), { type: 'application.abandoned', reason: 'not-supplemented' }, { type: 'application.withdrawn' }],
  '3.3.6.1': [{ type: 'application.abandoned', reason: 'not-supplemented' }, answer('otherwise', 'not-supplemented')],
  '3.3.6.2': [{ type: 'application.abandoned', reason: 'fee-unpaid' }, answer('otherwise', 'fee-unpaid')],
  '3.3.6.3': [{ type: 'application.withdrawn' }, answer('otherwise', 'other'), { type: 'application.abandoned', reason: 'other' }],
};

const CHANNELS = ['in-person', 'fax', 'online', 'email', 'letter', 'other'] as const;
const RANKS: Readonly<Record<string, string>> = { '2.1.1': 'rules', '2.1.2': 'normative' };

/**
 * Messages in an order that the ledger takes. The agency is registered with a chain of one step; its code stands in
 * every message.
 */
export function construct({ year, form, cells }: TableToConstruct, agency: string): Message[] {
  const messages: Message[] = [];
  const send = (type: string, subject: string, time: string, actor: string, data: Record<string, unknown> = {}): void => {
    const id = `${agency}-${messages.length + 1}`;
    messages.push({ specversion: '1.0', id, source: '/constructed', type: `disclosure.${type}`, subject, time, agency, actor, data });
  };
  const count = (cell: string): number => Number(cells[cell] ?? '0');
  const setUp = `${year - 2}-01-04`;
  const own = `agency/${agency}`;
  send('agency.registered', own, `${setUp}T09:00:00+08:00`, 'root', { name: '构造的机关', administrator: 'root' });
  for (const [actor, role] of [
    ['reviewer', 'reviewer'],
    ['leader', 'leader'],
  ] as const)
    send('agency.role-assigned', own, `${setUp}T10:00:00+08:00`, 'root', { actor, role });
  send('agency.clearance-chain-set', own, `${setUp}T11:00:00+08:00`, 'root', {
    steps: [{ step: 'review', role: 'reviewer', unit: '办公室' }],
    approver: { role: 'leader', unit: '分管领导' },
  });

  const signed = (subject: string, kind: 'publication' | 'application', day: string, contentHash: string): void => {
    send(`${kind}.cleared`, subject, `${day}T10:00:00+08:00`, 'reviewer', { step: 'review', verdict: 'passed', contentHash });
    send(`${kind}.approved`, subject, `${day}T11:00:00+08:00`, 'leader', { contentHash });
  };

  // Part two.
  for (const [row, rank] of Object.entries(RANKS)) {
    for (let n = 1; n <= count(`${row}:made`); n += 1) {
      const number = `${row}-made-${n}`;
      send('normative-document.issued', `normative-document/${number}`, `${year}-02-0${1 + (n % 8)}T09:00:00+08:00`, 'clerk', {
        documentNumber: number,
        title: `文件 ${number}`,
        rank,
      });
    }
    for (let n = 1; n <= count(`${row}:repealed`); n += 1) {
      const number = `${row}-repealed-${n}`;
      const data = { documentNumber: number, title: `文件 ${number}`, rank };
      send('normative-document.repealed', `normative-document/${number}`, `${year}-11-03T09:00:00+08:00`, 'clerk', data);
    }
    for (let n = 1; n <= count(`${row}:published`); n += 1) {
      const subject = `publication/${row}-${n}`;
      const contentHash = hashOf(`${agency} ${subject}`);
      const day = `${year}-03-0${1 + (n % 8)}`;
      send('publication.drafted', subject, `${day}T09:00:00+08:00`, 'drafter', { title: subject, contentHash, normative: rank });
      signed(subject, 'publication', day, contentHash);
      send('publication.released', subject, `${day}T15:00:00+08:00`, 'editor', { channel: 'website', contentHash });
    }
    const stock = form === '2019' ? 'total-public' : 'in-force';
    const printed = cells[`${row}:${stock}`];
    if (printed != null) {
      const base = Number(printed) - (form === '2019' ? count(`${row}:published`) : count(`${row}:made`) - count(`${row}:repealed`));
      declare(`${row}:${stock}`, String(base), year - 1);
    }
  }
  for (const [cell, value] of Object.entries(cells)) if (/^2\.[5-9]\./.test(cell) && value !== null) declare(cell, value, year);
  function declare(cell: string, value: string, ofYear: number): void {
    send('agency.figure-declared', own, `${year + 1}-01-10T09:00:00+08:00`, 'clerk', {
      year: ofYear,
      form,
      cell,
      value,
      evidence: '统计台账',
    });
  }

  // Part three: what was open at the turn of the year is closed first, the last ones received stay open.
  let turn = 0;
  for (const kind of KINDS) {
    const opening = count(`3.2:${kind}`);
    const all = opening + count(`3.1:${kind}`);
    const endings = Object.entries(ENDINGS).flatMap(([row, ways]) =>
      Array.from({ length: count(`${row}:${kind}`) }, (_, n) => ways[n % ways.length] as Ending),
    );
    for (let n = 1; n <= all; n += 1) {
      turn += 1;
      const subject = `application/${kind}-${n}`;
      const received = n <= opening ? `${year - 1}-12-2${turn % 9}` : `${year}-0${6 + (turn % 4)}-1${turn % 9}`;
      const channel = CHANNELS[turn % CHANNELS.length] as string;
      send('application.received', subject, `${received}T09:00:00+08:00`, 'clerk', {
        channel,
        applicant: { kind },
        request: '有关文件',
        law: '2019',
      });
      const ending = endings[n - 1];
      if (ending === undefined) continue;
      const { type, ...said } = ending;
      const day = n <= opening ? `${year}-01-1${turn % 9}` : `${year}-10-1${turn % 9}`;
      if (type !== 'application.replied') {
        send(type, subject, `${day}T16:00:00+08:00`, 'clerk', said);
        continue;
      }
      const contentHash = hashOf(`${agency} ${subject}`);
      send('application.reply-drafted', subject, `${day}T09:00:00+08:00`, 'drafter', { ...said, contentHash });
      signed(subject, 'application', day, contentHash);
      send('application.replied', subject, `${day}T16:00:00+08:00`, 'clerk', { ...said, contentHash });
    }
  }

  // Part four.
  for (const [row, kind, route] of [
    ['4.1', 'reconsideration', null],
    ['4.2', 'lawsuit', 'direct'],
    ['4.3', 'lawsuit', 'after-reconsideration'],
  ] as const) {
    for (const result of ['upheld', 'corrected', 'other', 'pending']) {
      for (let n = 1; n <= count(`${row}:${result}`); n += 1) {
        const subject = `${kind}/${row}-${result}-${n}`;
        const filed = result === 'pending' ? `${year}-12-20` : `${year - 1}-12-1${n % 9}`;
        send(`${kind}.filed`, subject, `${filed}T09:00:00+08:00`, 'clerk', route === null ? {} : { route });
        if (result !== 'pending') send(`${kind}.decided`, subject, `${year}-04-1${n % 9}T09:00:00+08:00`, 'clerk', { result });
      }
    }
  }
  return messages;
}
