/** What else is read over HTTP: cases and trails, the log for auditors, operation and description. */
import { createApp } from '../../src/main.js';
import { ProjectionRunner } from '../../src/read-models/runner.js';
import type { AuditedEvent, EventPage } from '../../src/read-models/journal/event-reader.js';
import { bookmarkOf } from '../../src/read-models/lists.js';
import type { Trail } from '../../src/read-models/trail/trail-reader.js';
import { AGENCY, message } from '../support/messages.js';
import { expectProblem, NDJSON, startService, type TestService } from '../support/service.js';
import { CHINESE_NUMBER, oneMoreItem, smallYear } from '../support/year.js';

let service: TestService;

beforeAll(async () => {
  service = await startService();
  await service.record(...smallYear());
  await service.settled();
});

afterAll(() => service.finish());

const CASES = `/v1/agencies/${AGENCY}/cases`;

test('read models behind the log answer nothing', async () => {
  // While the read models are still behind the log nothing is answered from them.
  const { log, store, writer } = service.runtime;
  if (writer === null) throw new Error('the service does not write');
  const app = await createApp({ ...service.runtime, writer: { ...writer, runner: new ProjectionRunner(log, store) } });
  const paths = [
    '/v1/refusals',
    `${CASES}/publication/1`,
    `/v1/agencies/${AGENCY}/tables/2017`,
    `/v1/agencies/${AGENCY}/review-summary/2017`,
  ];
  const answers = await Promise.all(paths.map(async (path) => [path, (await app.inject(path)).statusCode]));
  await app.close();
  expect(answers).toEqual(paths.map((path) => [path, 503]));
});

describe('a case and its trail', () => {
  test('a case with 〔〕 is found percent-encoded', async () => {
    // A case with 〔〕 in its number is found by its percent-encoded name.
    const answer = await service.get(`${CASES}/publication/${encodeURIComponent(CHINESE_NUMBER)}`);
    expect([answer.status, answer.type]).toEqual([200, 'application/json']);
    expect(answer.json()).toMatchObject({ agency: AGENCY, case: `publication/${CHINESE_NUMBER}`, title: '关于印发办法的通知' });
  });

  test('its trail names act, actor, role and opinion', async () => {
    // Its trail names every act, who did it, in which role, on what, with what opinion.
    const answer = await service.get(`${CASES}/publication/${encodeURIComponent(CHINESE_NUMBER)}/trail`);
    expect(answer.status).toBe(200);
    const trail = answer.json<Trail>();
    expect(Object.keys(trail)).toEqual(expect.arrayContaining(['case', 'state', 'entries', 'remarks']));
    expect(trail.entries.map(({ type, actor, role }) => [type, actor, role])).toEqual([
      ['disclosure.publication.drafted', 'drafter', null],
      ['disclosure.publication.cleared', 'office', 'office-reviewer'],
      ['disclosure.publication.revised', 'drafter', null],
      ['disclosure.publication.cleared', 'office', 'office-reviewer'],
      ['disclosure.publication.cleared', 'lawyer', 'regulations-reviewer'],
      ['disclosure.publication.approved', 'leader', 'deputy-leader'],
      ['disclosure.publication.released', 'editor', null],
      ['disclosure.publication.released', 'editor', null],
    ]);
    for (const entry of trail.entries) {
      expect(Object.keys(entry)).toEqual(
        expect.arrayContaining([
          'eventId',
          'type',
          'at',
          'recordedAt',
          'actor',
          'role',
          'attestation',
          'contentHash',
          'opinion',
          'waited',
          'remarks',
        ]),
      );
      expect(entry.attestation).toBe('none');
    }
    expect(trail.entries[1]).toMatchObject({ opinion: '涉及个人信息, 请删除', at: '2017-04-01T10:00:00+08:00' });
  });

  test.each([
    ['64 Chinese characters', '务'.repeat(64)],
    ['64 characters outside the basic plane', '\u{20000}'.repeat(64)],
    ['brackets and marks', '(一)_a.b-〔2〕'],
  ])('a number with %s is found as recorded', async (_what, number) => {
    // A case whose number has … is found under the name it was recorded with.
    await service.record(message('meeting.held', `meeting/${number}`, '2017-05-02T09:00:00+08:00', 'office', { title: 't' }));
    await service.settled();
    for (const tail of ['', '/trail']) {
      const answer = await service.get(`${CASES}/meeting/${encodeURIComponent(number)}${tail}`);
      expect([tail, answer.status]).toEqual([tail, 200]);
    }
  });

  test.each([
    ['an unknown case', `${CASES}/publication/none`, 404, 'unknown-case'],
    ['an unknown kind', `${CASES}/nothing/1`, 404, 'unknown-case'],
    ['an unknown agency', '/v1/agencies/nobody/cases/publication/1', 404, 'unknown-agency'],
    ['a slash in the number', `${CASES}/publication/a%2Fb`, 404, 'unknown-case'],
    ['the trail of an unknown case', `${CASES}/publication/none/trail`, 404, 'unknown-case'],
  ])('%s', async (_what, path, status, code) => {
    expectProblem(await service.get(path), status, code);
  });

  test.each(['%E0%A4', '%', '%zz', '%00', '%ff'])('a number that is not text, %s: 400', async (number) => {
    // A number that is no text, …, is the client’s mistake.
    const answer = await service.get(`${CASES}/publication/${number}`);
    expect([400, 404]).toContain(answer.status);
    expectProblem(answer, answer.status, answer.json<{ code: string }>().code);
  });
});

describe('the log for auditors', () => {
  const page = async (query: string): Promise<EventPage> => {
    const answer = await service.get(`/v1/events${query}`);
    expect([query, answer.status, answer.type]).toEqual([query, 200, 'application/json']);
    return answer.json<EventPage>();
  };

  async function walk(limit: number, between: () => Promise<void> = async () => undefined): Promise<AuditedEvent[]> {
    const events: AuditedEvent[] = [];
    for (let after: string | null = null; ;) {
      const found: EventPage = await page(`?limit=${limit}${after === null ? '' : `&after=${after}`}`);
      expect(found.events.length).toBeLessThanOrEqual(limit);
      events.push(...found.events);
      if (found.events.length === 0) return events;
      after = found.next;
      await between();
    }
  }

  test('pages put together are the log in order', async () => {
    // Pages have {events, next} and put together are the log in order, each event once.
    const all = await service.eventsAfter(null);
    const { events, next } = await page('?limit=1000');
    expect(await page(`?after=${next}`)).toEqual({ events: [], next });
    for (const limit of [1, 3, 7, 1000]) expect((await walk(limit)).map(({ eventId }) => eventId)).toEqual(all.map(({ id }) => id));
    expect(events.every(({ type }) => type.startsWith('disclosure.'))).toBe(true);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length);
  });

  test('a page stays the same while others write', async () => {
    // A page stays the same, byte for byte, and nothing is skipped or repeated while others write.
    const first = await service.get('/v1/events?limit=5');
    let round = 0;
    const before = await service.eventsAfter(null);
    const walked = await walk(5, async () => {
      if (round < 4) await service.record(...oneMoreItem(`while-reading-${(round += 1)}`));
    });
    expect(round).toBe(4);
    expect(walked.slice(0, before.length).map(({ eventId }) => eventId)).toEqual(before.map(({ id }) => id));
    expect(walked.map(({ eventId }) => eventId)).toEqual((await service.eventsAfter(null)).map(({ id }) => id));
    expect((await service.get('/v1/events?limit=5')).text).toBe(first.text);
  });

  test('filters by one agency and one type', async () => {
    // Can be asked for one agency and one type.
    const { events } = await page('?type=disclosure.publication.released&limit=1000');
    const released = (await service.eventsAfter(null)).filter(({ type }) => type === 'publication.released');
    expect(events.map(({ eventId }) => eventId)).toEqual(released.map(({ id }) => id));
    expect((await page(`?agency=${AGENCY}&limit=1000`)).events).toEqual((await page('?limit=1000')).events);
  });

  test('filters by case, officer, times and delay', async () => {
    const all = (await page('?limit=1000')).events;
    const [first] = all.filter(({ type }) => type === 'disclosure.publication.released');
    const { subject, actor, at } = (first?.metadata ?? {}) as Readonly<Record<string, string>>;
    const of = (wanted: (event: AuditedEvent) => boolean): AuditedEvent[] => all.filter(wanted);
    const day = at?.slice(0, 10);
    const ofCase = of(({ metadata }) => metadata['subject'] === subject);
    expect((await page(`?case=${subject}`)).events).toEqual(ofCase);
    expect((await page(`?actor=${actor}&limit=1000`)).events).toEqual(of(({ metadata }) => metadata['actor'] === actor));
    expect((await page(`?from=${day}&to=${day}&limit=1000`)).events).toEqual(
      of(({ metadata }) => typeof metadata['at'] === 'string' && metadata['at'].startsWith(String(day))),
    );
    expect((await page('?lateBy=P1D&limit=1000')).events).toEqual(all);
    expect((await page('?lateBy=P99999D')).events).toEqual([]);
    expect((await page(`?case=${subject}&order=desc`)).events).toEqual(ofCase.reverse());
  });

  test('after goes on below it, the latest first', async () => {
    const all = (await page('?limit=1000')).events;
    const { events, next } = await page('?order=desc&limit=3');
    expect(events).toEqual(all.slice(-3).reverse());
    expect((await page(`?order=desc&limit=3&after=${next}`)).events).toEqual(all.slice(-6, -3).reverse());
    // One bookmark for both orders.
    expect((await page(`?after=${next}`)).events).toEqual(all.slice(-2));
  });

  test('is empty, without error, behind its end', async () => {
    // Behind its end there is nothing, and no error.
    const { next } = await page('?limit=1000');
    expect(await page(`?after=${next}&limit=1`)).toEqual({ events: [], next });
  });

  test('comes as NDJSON where the client accepts it', async () => {
    const answer = await service.get('/v1/events?limit=4', { accept: NDJSON });
    expect([answer.status, answer.type]).toEqual([200, NDJSON]);
    expect(answer.lines<AuditedEvent>()).toEqual((await page('?limit=4')).events);
  });

  test.each([
    '?limit=0',
    '?limit=1e2',
    '?limit=0x10',
    '?limit=%2B5',
    '?limit=-1',
    '?limit=1.5',
    '?limit=many',
    '?limit=1000000',
    '?limit=',
    '?after=x',
    '?after=-1',
    '?after=1',
    `?after=${bookmarkOf('cases', { index: 0, nth: 0 })}`,
    `?after=${bookmarkOf('events', { index: 99_999, nth: 0 })}`,
    '?from=1',
    '?to=2017-02-30',
    '?recordedFrom=yesterday',
    '?recordedTo=index:1',
    '?lateBy=30',
    '?lateBy=P',
    '?lateBy=PT',
    '?lateBy=-P1D',
    '?case=nothing/1',
    '?case=publication',
    '?order=down',
    '?since=2017-01-01',
    '?limit=1&limit=2',
  ])('%s is a bad parameter', async (query) => {
    expectProblem(await service.get(`/v1/events${query}`), 400, 'bad-parameter');
  });
});

describe('operation', () => {
  test('health tells of log and read models', async () => {
    // Health says that it lives and that the log and the read models are there.
    expect((await service.get('/health/live')).status).toBe(200);
    const ready = await service.get('/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.text).toContain('contributions');
  });

  test('metrics tell each read model’s progress', async () => {
    // Metrics are Prometheus text with how far each read model is.
    const answer = await service.get('/metrics');
    expect([answer.status, answer.type]).toEqual([200, 'text/plain']);
    const index = (await service.eventsAfter(null)).length - 1;
    await service.settled();
    expect((await service.get('/metrics')).text).toContain(`disclosure_projection_index{projection="journal"} ${index}`);
    // 31 December 2026, the last second of it in Shanghai.
    const end = Date.parse('2026-12-31T23:59:59+08:00') / 1000;
    expect(answer.text).toContain(`disclosure_calendar_end_timestamp_seconds ${end}\n`);
    for (const line of answer.text.split('\n')) expect(line).toMatch(/^(#|$|[a-zA-Z_:][a-zA-Z0-9_:]*(\{.*\})? )/);
  });

  test('an unkept refused message is counted', async () => {
    // A refused message that is not kept is counted.
    const counts = (text: string): string[] => text.split('\n').filter((line) => /^(?!disclosure_projection).*refus/i.test(line));
    const before = (await service.get('/metrics')).text;
    await service.post('no JSON');
    await service.post({ type: 'disclosure.meeting.held' });
    expect(counts((await service.get('/metrics')).text)).not.toEqual(counts(before));
  });

  test('an unknown address or method is a problem', async () => {
    for (const path of ['/v1', '/v1/nothing', `/v1/agencies/${AGENCY}/nothing`, '//', '/v1/events/'])
      expectProblem(await service.get(path), 404, 'not-found');
    for (const method of ['PUT', 'DELETE'] as const)
      expectProblem(await service.request({ method, url: '/v1/events' }), 405, 'method-not-allowed');
  });
});

describe('the description', () => {
  const ROUTES = [
    'post /v1/events',
    'get /v1/events',
    'get /v1/refusals',
    'post /v1/refusals/{refusalId}/resend',
    'get /v1/agencies/{agency}/tables/{year}',
    'get /v1/agencies/{agency}/tables/{year}/cells/{cell}',
    'get /v1/agencies/{agency}/cases/{kind}/{number}',
    'get /v1/agencies/{agency}/cases/{kind}/{number}/trail',
    'get /v1/agencies/{agency}/deadlines',
    'get /health/live',
    'get /health/ready',
    'get /metrics',
  ];
  interface Operation {
    readonly parameters?: readonly { readonly name: string; readonly in: string }[];
    readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
    readonly responses?: Readonly<Record<string, unknown>>;
  }
  interface Description {
    readonly openapi: string;
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  }

  test('lists every route, parameter and media type', async () => {
    // Lists every route of the contract with its parameters and media types.
    const answer = await service.get('/openapi.json');
    expect([answer.status, answer.type]).toEqual([200, 'application/json']);
    const { openapi, paths } = answer.json<Description>();
    expect(openapi).toMatch(/^3\./);
    const listed = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    expect(listed).toEqual(expect.arrayContaining(ROUTES));
    const names = (path: string, place: string): string[] =>
      (paths[path]?.['get']?.parameters ?? []).filter((parameter) => parameter.in === place).map(({ name }) => name);
    expect(names('/v1/agencies/{agency}/tables/{year}', 'query')).toEqual(expect.arrayContaining(['form', 'asOf', 'view', 'after']));
    expect(names('/v1/agencies/{agency}/tables/{year}/cells/{cell}', 'query')).toEqual(expect.arrayContaining(['form']));
    expect(names('/v1/agencies/{agency}/deadlines', 'query')).toEqual(expect.arrayContaining(['on', 'case', 'after']));
    expect(names('/v1/events', 'query')).toEqual(expect.arrayContaining(['after', 'limit', 'agency', 'type']));
    expect(names('/v1/agencies/{agency}/cases/{kind}/{number}', 'path').sort()).toEqual(['agency', 'kind', 'number']);
    expect(Object.keys(paths['/v1/events']?.['post']?.requestBody?.content ?? {}).sort()).toEqual([
      'application/cloudevents+json',
      'application/cloudevents-batch+json',
      'application/json',
      'application/x-ndjson',
    ]);
    expect(Object.keys(paths['/v1/events']?.['post']?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '201', '409', '422', '503']),
    );
  });

  test('every reference in it resolves', async () => {
    const answer = await service.get('/openapi.json');
    const references = [...answer.text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path as string);
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      const found = reference
        .split('/')
        .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], answer.json());
      expect([reference, typeof found]).toEqual([reference, 'object']);
    }
  });

  test('is a page that fetches nothing from elsewhere', async () => {
    // Can be read as a page, with nothing fetched from elsewhere.
    const answer = await service.get('/docs');
    expect([answer.status, answer.type]).toEqual([200, 'text/html']);
    expect(answer.text).not.toMatch(/(src|href)="(https?:)?\/\//);
    for (const [, asset] of answer.text.matchAll(/(?:src|href)="(\.?\/[^"]+)"/g)) {
      expect([asset, (await service.get(new URL(asset as string, 'http://x/docs').pathname)).status]).toEqual([asset, 200]);
    }
  });
});
