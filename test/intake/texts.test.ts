/**
 * What no text of a message may hold, on every text that there is; identity numbers in identifiers, and the grammar of
 * traces.
 */
import { ACT_TYPES } from '../../src/events/catalog.js';
import { masked } from '../../src/intake/personal-data.js';
import { type ReadMessage } from '../../src/intake/message.js';
import { readMessageBytes, readMessageValue } from '../../src/intake/message-reader.js';
import { citizenId, citizenIdWithX, fullWidth } from '../support/citizen-id.js';
import { TEST_NOW } from '../support/ledger.js';
import { dataFields, sampleMessage, valueAt, withValue } from '../support/sample-messages.js';

const read = (sent: unknown): ReadMessage => readMessageValue(sent, TEST_NOW);

function refusalOf(sent: unknown): ReturnType<typeof ofRead> {
  return ofRead(read(sent));
}

function ofRead(found: ReadMessage): { readonly code: string; readonly fields: readonly string[]; readonly message: string } | null {
  const refusal = found.ok ? found.refusedUnlessRepeat : found.refusal;
  if (refusal === null) return null;
  const problems = (refusal.details?.['problems'] ?? []) as readonly { readonly field: string }[];
  return { code: refusal.code, fields: problems.map(({ field }) => field), message: refusal.message };
}

const range = (from: number, to: number): string[] => [...Array(to - from + 1).keys()].map((at) => String.fromCharCode(from + at));
const LINE = ['\t', '\n', '\r'];
const CONTROLS = [...range(0x00, 0x1f), ...range(0x7f, 0x9f)].filter((char) => !LINE.includes(char));
const TURNING = [...range(0x202a, 0x202e), ...range(0x2066, 0x2069), '\u2028', '\u2029'];
const FORBIDDEN = [...CONTROLS, ...TURNING];

describe.each(ACT_TYPES)('%s', (type) => {
  const sent = sampleMessage(type);
  const texts = dataFields(type).filter(({ rules }) => rules.has('text') || rules.has('word'));

  test('the sample itself is taken', () => {
    expect(refusalOf(sent)).toBeNull();
  });

  test('no text holds control or bidirectional characters', () => {
    // No text holds a control or bidirectional character, wherever it stands.
    const taken: string[] = [];
    for (const { path } of texts) {
      const text = String(valueAt(sent, path));
      for (const char of FORBIDDEN)
        for (const value of [`${text}${char}`, `${char}${text}`]) {
          const one = read(withValue(sent, path, value));
          const found = ofRead(one);
          // Of the right shape: it may have been recorded before there was the rule.
          if (!one.ok || found?.code !== 'invalid-data' || found.fields.join() !== path) taken.push(JSON.stringify([path, value, found]));
        }
    }
    expect(taken).toEqual([]);
  });

  test('nor does anything else that is written', () => {
    for (const { path, rules } of dataFields(type)) {
      const value = valueAt(sent, path);
      const changed = typeof value === 'string' ? `${value}\u0085` : rules.has('cells') ? { '1.1': '1\u009b2' } : null;
      if (changed !== null) expect([path, refusalOf(withValue(sent, path, changed))?.code]).toEqual([path, 'invalid-data']);
    }
  });

  test('tabs and line ends stand in long texts', () => {
    // Tabs and line ends stand in texts of several lines.
    for (const { path, rules } of texts.filter(({ rules: some }) => some.has('text') && !some.has('office')))
      expect([path, [...rules], refusalOf(withValue(sent, path, '第一行\r\n\t第二行'))]).toEqual([path, [...rules], null]);
  });
});

test('names of cells are texts too', () => {
  const sent = withValue(sampleMessage('table.declared'), 'data.cells', { '1.1': '1', '9\u202e.1': '2' });
  expect(refusalOf(sent)).toMatchObject({ code: 'invalid-data', fields: ['data.cells.9\\u202e.1'] });
});

describe('the envelope', () => {
  const sent = sampleMessage('meeting.held');

  test.each(['id', 'source'])('%s holds no control at all', (field) => {
    for (const char of [...FORBIDDEN, ...LINE])
      for (const value of [`/a${char}`, `/a${char}b`, `${char}/a`])
        expect([value, refusalOf({ ...sent, [field]: value })?.code]).toEqual([value, 'not-cloudevents']);
  });

  test.each(['specversion', 'type', 'subject', 'time', 'agency', 'actor'])('nothing passes in %s', (field) => {
    for (const char of FORBIDDEN) {
      const value = `${String((sent as unknown as Record<string, unknown>)[field])}${char}`;
      expect([value, refusalOf({ ...sent, [field]: value })]).toEqual([
        value,
        expect.objectContaining({ code: expect.any(String) as unknown }),
      ]);
    }
  });

  test.each([
    ['dataschema', 'https://example.org/\u202emeeting.held/v1'],
    ['datacontenttype', 'application/json; charset=utf-8\u009b2J'],
    ['tracestate', 'a=b\u0085'],
  ])('nor in %s', (field, value) => {
    expect(refusalOf({ ...sent, [field]: value })).toMatchObject({ code: 'invalid-data', fields: [field] });
  });

  test('an escaped control is a control', () => {
    const bytes = Buffer.from(JSON.stringify(sent).replace('说明', '说\\u009b明'));
    expect(ofRead(readMessageBytes(bytes, TEST_NOW))).toMatchObject({ code: 'invalid-data', fields: ['data.title'] });
  });
});

describe('traceparent and tracestate', () => {
  const [trace, parent] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
  const taken = (more: Record<string, unknown>): boolean => refusalOf({ ...sampleMessage('meeting.held'), ...more }) === null;

  test.each([`00-${trace}-${parent}-01`, `00-${trace}-${parent}-ff`, `01-${trace}-${parent}-01`, `cc-${trace}-${parent}-01-what-comes`])(
    '%s is taken, and kept',
    (traceparent) => {
      expect(read({ ...sampleMessage('meeting.held'), traceparent })).toMatchObject({ ok: true, refusedUnlessRepeat: null, traceparent });
    },
  );

  test.each([
    ...['00-1-2-01', `ff-${trace}-${parent}-01`, `00-${'0'.repeat(32)}-${parent}-01`, `00-${trace}-${'0'.repeat(16)}-01`],
    ...[`00-${trace.toUpperCase()}-${parent}-01`, `00-${trace}-${parent}-1`, `00-${trace}-${parent}`, `00-${trace}-${parent}-01-more`],
    ...[` 00-${trace}-${parent}-01`, `00-${trace}-${parent}-01\n`, `0-${trace}-${parent}-01`, `cc-${trace}-${parent}-01.`, `00_${trace}`],
  ])('traceparent %j is not', (traceparent) => {
    expect(refusalOf({ ...sampleMessage('meeting.held'), traceparent })).toMatchObject({ code: 'invalid-data', fields: ['traceparent'] });
  });

  test('tracestate is a list of keys and values', () => {
    const good = ['a=b', 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', 'a=b , c=d', 'tenant@system=1', '1a@b=x', 'a=b,,c=d', 'a*/-_1=!"#~'];
    const bad = ['a', '=b', 'A=b', 'a=b=c', 'a=', ',', 'a=ü', `a=${'x'.repeat(257)}`, Array(33).fill('a=b').join(',')];
    expect(good.filter((tracestate) => !taken({ tracestate }))).toEqual([]);
    expect(bad.filter((tracestate) => taken({ tracestate }))).toEqual([]);
  });
});

describe('identity numbers in identifiers', () => {
  const [number, withX] = [citizenId(), citizenIdWithX()];
  const cut = (text: string, by: string): string => [text.slice(0, 6), text.slice(6, 14), text.slice(14)].join(by);
  const between = (by: string): string => [...number].join(by);
  const WRITTEN = [
    ...[number, withX, withX.toLowerCase(), fullWidth(number), `web-${number}-1`, `9${number}9`],
    ...['-', '.', '_', '/', ':', '--', '－', '．', '\u00ad', '\u200b'].map((by) => cut(number, by)),
    ...['-', '.', '_', '/', ':', '\u200d'].map(between),
  ];
  const SPACED = [' ', '\u3000', '\u00a0', ' - '].map((by) => cut(number, by));
  const OTHER = [
    cut('370828198002310018', '-'),
    number.slice(1),
    cut(number.slice(0, 17), '-'),
    `${number.slice(0, 9)}x${number.slice(9)}`,
  ];
  const UUIDS = [`${number.slice(0, 8)}-${number.slice(8, 12)}-${number.slice(12, 16)}-${number.slice(16)}00-000000000000`];

  test.each<[string, readonly string[]]>([
    ['id', [...WRITTEN, ...SPACED]],
    ['source', WRITTEN],
    ['actor', [...WRITTEN.filter((text) => !/\u00ad|\u200b|\u200d|[－．０-９]/.test(text)), ...[' ', ' - '].map((by) => cut(number, by))]],
    [
      'subject',
      [number, withX, ...['-', '.', '_'].map((by) => cut(number, by)), ...['-', '.', '_'].map(between)].map((text) => `meeting/${text}`),
    ],
  ])('in %s, however they are written', (field, texts) => {
    for (const text of texts)
      expect([text, refusalOf({ ...sampleMessage('meeting.held'), [field]: text })?.code]).toEqual([text, 'personal-data-in-identifier']);
  });

  test('other numbers and UUIDs pass', () => {
    // What is none passes, and so does a UUID.
    for (const id of [...OTHER, ...UUIDS, `urn:uuid:${UUIDS[0]}`])
      expect([id, refusalOf({ ...sampleMessage('meeting.held'), id })]).toEqual([id, null]);
    const touching = { ...sampleMessage('meeting.held'), id: `${UUIDS[0]}-${number}` };
    expect(refusalOf(touching)?.code).toBe('personal-data-in-identifier');
  });

  test('numbers in names are refused as such', () => {
    // A name with a number in it is refused as such, not by its spelling.
    expect(refusalOf({ ...sampleMessage('meeting.held'), actor: `${fullWidth(number)}\u200b` })?.code).toBe('personal-data-in-identifier');
  });

  test('a mask leaves what lies around', () => {
    expect(masked(`web-${number}-1`)).toBe(`web-${'*'.repeat(18)}-1`);
    expect(masked(`申请 ${cut(number, '-')}/${between('.')} 号`)).toBe(`申请 ${'*'.repeat(20)}/${'*'.repeat(35)} 号`);
    expect(masked(fullWidth(withX))).toBe('*'.repeat(18));
    expect(masked('web-000123')).toBe('web-000123');
    for (const text of WRITTEN) expect(refusalOf({ ...sampleMessage('meeting.held'), id: masked(text) })).toBeNull();
  });

  test('a refusal masks numbers in source and id', () => {
    // A refusal shows neither source nor id with a number, whatever it is for.
    const sent = { ...sampleMessage('meeting.held'), id: `a-${cut(number, '-')}`, source: `/s/${number}`, actor: number };
    for (const one of [sent, { ...sent, time: 'yesterday' }, { ...sent, data: { title: 'x'.repeat(300_000) } }]) {
      const found = read(one);
      expect(found.ok ? JSON.stringify(found.refusedUnlessRepeat) : JSON.stringify([found.source, found.id, found.refusal])).not.toContain(
        number,
      );
    }
  });
});
