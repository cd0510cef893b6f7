/**
 * Random histories of applications and remedies through the ordinary recorder, 2014 to 2022: whatever was accepted, in
 * every form and year the rules hold, what is carried out of a year is carried into the next, every figure is
 * explained, a count made here from the messages alone agrees, and a rebuild from nothing gives the same rows.
 */
import fc from 'fast-check';
import { REGISTERED } from '../../src/statistics/forms/registry.js';
import { valuesOf } from '../../src/statistics/table.js';
import { budget } from '../support/budget.js';
import { APPLICATION_YEARS, applicationHistory, applicationMessages } from '../support/application-histories.js';
import { RESULTS } from '../support/application-results.js';
import { AGENCIES, checkExplained, figuresOf, sendAll } from '../support/histories.js';
import { openTestLedger } from '../support/ledger.js';
import type { Message } from '../support/messages.js';

/** A variant counts as its form does; its own cells are counted again by the second calculator. */
const FORMS = REGISTERED.filter(({ variant }) => variant === undefined).map(({ form }) => form.id);
const YEARS = [...APPLICATION_YEARS, 2023];

// ---- a count by the words of the contract, from the messages alone --------------------------------------------------

const shanghai = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit' });
const dayOf = (act: Message): string => shanghai.format(new Date(act.time));
const yearOf = (act: Message): number => Number(dayOf(act).slice(0, 4));
const typeOf = (act: Message): string => act.type.slice('disclosure.'.length);
const field = (act: Message, name: string): string | undefined => act.data?.[name] as string | undefined;

/** The accepted acts of an agency that no accepted void takes back. */
function standingOf(accepted: readonly Message[], agency: string): Message[] {
  const voided = new Set(
    accepted.filter((act) => typeOf(act) === 'record.voided').map((act) => (act.data as { message: { id: string } }).message.id),
  );
  return accepted.filter((act) => act.agency === agency && !voided.has(act.id));
}

interface Handled {
  readonly received: Message;
  readonly law: string;
  readonly kind: string;
  readonly replies: readonly Message[];
  readonly close: Message | null;
}

function handled(standing: readonly Message[]): Handled[] {
  const of = (type: string, subject: string): Message[] => standing.filter((act) => typeOf(act) === type && act.subject === subject);
  return standing
    .filter((act) => typeOf(act) === 'application.received')
    .map((received) => {
      const replies = of('application.replied', received.subject);
      const closing = replies.filter((reply) => field(reply, 'outcome') !== 'amend-supplement');
      const [close = null] = [
        ...closing,
        ...of('application.abandoned', received.subject),
        ...of('application.withdrawn', received.subject),
      ];
      const law = field(received, 'law') ?? (dayOf(received) >= '2019-05-15' ? '2019' : '2008');
      return { received, law, kind: (received.data as { applicant: { kind: string } }).applicant.kind, replies, close };
    });
}

interface Remedy {
  readonly kind: string;
  readonly filed: Message;
  readonly decided: Message | null;
}

function remedies(standing: readonly Message[]): Remedy[] {
  return standing
    .filter((act) => /^(reconsideration\.filed|lawsuit\.filed|complaint\.received)$/.test(typeOf(act)))
    .filter((filed) => field(filed, 'role') !== 'co-defendant-reviewer')
    .map((filed) => ({
      kind: filed.subject.slice(0, filed.subject.indexOf('/')),
      filed,
      decided: standing.find((act) => act.subject === filed.subject && typeOf(act).endsWith('.decided')) ?? null,
    }));
}

/** Adds pieces up by cell; what is zero is not there. */
class Count {
  readonly #cells = new Map<string, number>();

  add(...cells: (string | null)[]): void {
    for (const cell of cells) if (cell !== null) this.#cells.set(cell, (this.#cells.get(cell) ?? 0) + 1);
  }

  cells(): Record<string, string> {
    return Object.fromEntries([...this.#cells].map(([cell, amount]) => [cell, String(amount)]));
  }
}

const SHANDONG_CHANNELS: Readonly<Record<string, string>> = {
  'in-person': '3.1.1',
  fax: '3.1.2',
  online: '3.1.3',
  email: '3.1.3',
  letter: '3.1.4',
  other: '3.1.5',
};
const FUJIAN_CHANNELS: Readonly<Record<string, string | null>> = {
  'in-person': '2.1:year',
  online: '2.2:year',
  email: '2.2:year',
  letter: '2.3:year',
  fax: '2.3:year',
  other: null,
};
const NTH: Readonly<Record<string, string>> = { upheld: '1', corrected: '2', other: '3' };

function rowOf(law: string, reply: Message): (typeof RESULTS)[number] {
  const found = RESULTS.find((row) => row.law === law && row.outcome === field(reply, 'outcome') && row.ground === field(reply, 'ground'));
  if (found === undefined) throw new Error(`no result ${law} ${JSON.stringify(reply.data)}`);
  return found;
}

const fenOf = (standing: readonly Message[], type: string, year: number): number =>
  standing.filter((act) => typeOf(act) === type && yearOf(act) === year).reduce((sum, act) => sum + (act.data?.['amountFen'] as number), 0);

/** Without trailing zeros. */
const decimal = (fen: number, places: number): string => (fen / 10 ** places).toFixed(places).replace(/\.?0+$/, '');

function naiveShandong(standing: readonly Message[], year: number): Record<string, string> {
  const count = new Count();
  for (const { received, law, replies, close } of handled(standing)) {
    if (yearOf(received) === year) count.add('3.1', SHANDONG_CHANNELS[field(received, 'channel') as string] as string);
    if (close !== null && yearOf(close) === year) count.add('3.2');
    for (const reply of replies.filter((one) => yearOf(one) === year)) {
      const row = field(reply, 'outcome') === 'amend-supplement' ? '3.3.7' : rowOf(law, reply).shandong;
      if (row !== null) count.add('3.3', row, row.includes('of') ? '3.3.4' : null);
    }
  }
  for (const { kind, decided } of remedies(standing)) {
    if (decided === null || yearOf(decided) !== year) continue;
    const row = { reconsideration: '4', lawsuit: '5', complaint: '6' }[kind] as string;
    count.add(row, `${row}.${NTH[field(decided, 'result') as string]}`);
  }
  const fees = fenOf(standing, 'application.fee-charged', year);
  return { ...count.cells(), ...(fees === 0 ? {} : { '8': decimal(fees, 6) }) };
}

function naiveFujian(standing: readonly Message[], year: number): Record<string, string> {
  const count = new Count();
  for (const { received, law, replies } of handled(standing)) {
    if (yearOf(received) === year) count.add('2:year', FUJIAN_CHANNELS[field(received, 'channel') as string] as string);
    for (const reply of replies.filter((one) => yearOf(one) === year)) {
      const row = field(reply, 'outcome') === 'amend-supplement' ? '3.4' : rowOf(law, reply).fujian;
      if (row !== null) count.add('3:year', `${row}:year`);
    }
  }
  for (const { kind, decided } of remedies(standing)) {
    if (decided === null || yearOf(decided) !== year) continue;
    if (kind === 'reconsideration') count.add('6:year');
    else count.add('5:year', kind === 'lawsuit' ? '7:year' : null);
  }
  const waived = fenOf(standing, 'application.fee-waived', year);
  return { ...count.cells(), ...(waived === 0 || year > 2016 ? {} : { '4:year': decimal(waived, 2) }) };
}

function naiveAnnual(standing: readonly Message[], year: number, form: '2019' | '2021'): Record<string, string> {
  const count = new Count();
  for (const { received, law, kind, close } of handled(standing)) {
    const both = (row: string): void => count.add(`${row}:${kind}`, `${row}:total`);
    const [from, to] = [yearOf(received), close === null ? Infinity : yearOf(close)];
    if (from === year) both('3.1');
    if (from < year && to >= year) both('3.2');
    if (from <= year && to > year) both('3.4');
    if (close === null || to !== year) continue;
    both('3.3.7');
    if (typeOf(close) === 'application.replied') both(rowOf(law, close)[form === '2019' ? 'of2019' : 'of2021']);
    else if (form === '2019') both('3.3.6');
    else {
      const reason = field(close, 'reason') ?? 'other';
      both({ 'not-supplemented': '3.3.6.1', 'fee-unpaid': '3.3.6.2' }[reason] ?? '3.3.6.3');
    }
  }
  for (const { kind, filed, decided } of remedies(standing)) {
    if (kind === 'complaint') continue;
    const row = kind === 'reconsideration' ? '4.1' : field(filed, 'route') === 'direct' ? '4.2' : '4.3';
    const to = decided === null ? Infinity : yearOf(decided);
    if (yearOf(filed) <= year && to > year) count.add(`${row}:pending`, `${row}:total`);
    if (decided !== null && to === year) count.add(`${row}:${field(decided, 'result') as string}`, `${row}:total`);
  }
  return count.cells();
}

function naive(standing: readonly Message[], year: number, form: string): Record<string, string> {
  switch (form) {
    case '2014-shandong':
      return naiveShandong(standing, year);
    case '2014-fujian':
      return naiveFujian(standing, year);
    case '2019':
    case '2021':
      return naiveAnnual(standing, year, form);
    default:
      throw new Error(`nobody has said here how ${form} counts`);
  }
}

// ---- the properties -------------------------------------------------------------------------------------------------

test('tables of random histories hold and agree', async () => {
  // Tables of random histories hold their rules, are explained, carry over, and agree with a naive count.
  const seen = new Map<string, number>();
  const typesSeen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(applicationHistory, fc.nat(12), async (steps, offset) => {
      const ledger = openTestLedger();
      const messages = applicationMessages(steps);
      const receipts = await sendAll(ledger, messages);
      for (const { status, error } of receipts) seen.set(error?.code ?? status, (seen.get(error?.code ?? status) ?? 0) + 1);
      const accepted = messages.filter((_, index) => receipts[index]?.status === 'recorded');
      accepted.forEach((act) => typesSeen.add(typeOf(act)));
      await ledger.settled();
      for (const agency of AGENCIES) {
        const standing = standingOf(accepted, agency);
        for (const form of FORMS) {
          let closing: Record<string, string | null> | null = null;
          for (const year of YEARS) {
            const table = await ledger.tables.table({ agency, year, form });
            const where = { agency, year, form };
            expect({ ...where, errors: table.findings.filter(({ severity }) => severity === 'error') }).toEqual({ ...where, errors: [] });
            const found = figuresOf(table);
            // On time or extended is for the calendar to say: the two together are counted here.
            const [ordinary, extended] = [Number(found['3.2.1'] ?? 0), Number(found['3.2.2'] ?? 0)];
            if (form === '2014-shandong') expect(ordinary + extended).toBe(Number(found['3.2'] ?? 0));
            const { '3.2.1': _ordinary, '3.2.2': _extended, ...cells } = found;
            expect({ ...where, ...cells }).toEqual({ ...where, ...naive(standing, year, form) });
            const row = table.rows.find(({ code }) => code === '3.2')?.cells ?? null;
            if (closing !== null) expect({ ...where, opening: row }).toEqual({ ...where, opening: closing });
            closing = form.startsWith('2014') ? null : (table.rows.find(({ code }) => code === '3.4')?.cells ?? null);
            // A sample: some of the cells, and some of those that print a figure.
            const all = [...valuesOf(table.rows).keys()].filter((_, nth) => (nth + year + offset) % 29 === 0);
            const some = Object.keys(found).filter((_, nth) => (nth + year + offset) % 7 === 0);
            await checkExplained(ledger, agency, year, [...all, ...some], form);
          }
        }
      }
      // Replay from nothing equals live, byte for byte.
      await ledger.finish();
    }),
    { seed: 20190515, numRuns: budget(2, 4), endOnFailure: true },
  );
  // The histories are worth something: much was accepted, of every type, and a good deal refused for many reasons.
  expect(seen.get('recorded')).toBeGreaterThan(budget(250, 500));
  expect([...typesSeen].filter((type) => /^(application|reconsideration|lawsuit|complaint|record)/.test(type)).sort()).toEqual([
    'application.abandoned',
    'application.approved',
    'application.cleared',
    'application.extended',
    'application.fee-charged',
    'application.fee-waived',
    'application.received',
    'application.replied',
    'application.reply-drafted',
    'application.reply-remade',
    'application.supplement-requested',
    'application.supplemented',
    'application.third-party-answered',
    'application.third-party-consulted',
    'application.withdrawn',
    'complaint.decided',
    'complaint.received',
    'lawsuit.decided',
    'lawsuit.filed',
    'reconsideration.decided',
    'reconsideration.filed',
    'record.voided',
  ]);
  for (const code of ['wrong-law', 'already-closed', 'case-closed', 'not-open', 'depended-upon', 'already-exists', 'extension-too-late'])
    expect([code, seen.get(code)]).toEqual([code, expect.any(Number)]);
  expect(seen.get('store-unavailable')).toBeUndefined();
});
