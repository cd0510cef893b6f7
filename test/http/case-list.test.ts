/** Cases by filters and who must act next, officers and what they did: the shapes, the pages and what is refused. */
import type { CaseList, ListedCase } from '../../src/read-models/cases/case-list.js';
import type { Officer, OfficerList } from '../../src/read-models/officers/officer-reader.js';
import { application, received } from '../support/applications.js';
import { AGENCY, approvedItem, at, hashOf, message, released, setUp, type Message } from '../support/messages.js';
import { expectProblem, startService, type TestService } from '../support/service.js';

const OTHER = 'other-agency';
const CASES = `/v1/agencies/${AGENCY}/cases`;
const OFFICERS = `/v1/agencies/${AGENCY}/officers`;
let service: TestService;

const drafted = (number: string, day: string, actor = 'drafter', more: Record<string, unknown> = {}): Message =>
  message('publication.drafted', `publication/${number}`, at(day), actor, { title: '未公开', contentHash: hashOf(number), ...more });
const cleared = (number: string, day: string, actor: string, step: string, verdict = 'passed'): Message =>
  message('publication.cleared', `publication/${number}`, at(day, 11), actor, { step, verdict, contentHash: hashOf(number) });

beforeAll(async () => {
  service = await startService();
  await service.record(
    ...setUp(),
    ...setUp(OTHER, { chain: false }),
    message('agency.role-assigned', `agency/${AGENCY}`, at('2017-01-01'), 'root', { actor: 'lawyer-2', role: 'regulations-reviewer' }),
    message('agency.role-ended', `agency/${AGENCY}`, at('2018-01-01'), 'root', { actor: 'lawyer-2', role: 'regulations-reviewer' }),
    drafted('new', '2017-03-01'),
    drafted('own', '2017-03-01', 'lawyer'),
    cleared('own', '2017-03-02', 'office', 'office'),
    drafted('back', '2017-03-01', 'second'),
    cleared('back', '2017-03-03', 'office', 'office', 'returned'),
    ...approvedItem('signed', '2017-03-04'),
    ...approvedItem('kept', '2017-03-04', { attribute: 'withheld' }),
    ...approvedItem('public', '2017-03-05', { documentNumber: '〔2017〕1号' }),
    released('public', '2017-03-06', 'website'),
    received('asked', '2029-12-03'),
    received('waiting', '2029-12-03'),
    application('third-party-consulted', 'waiting', '2029-12-04', { party: '某公司' }),
    message('lawsuit.filed', 'lawsuit/1', at('2029-12-05'), 'clerk', { route: 'direct' }),
    message('meeting.held', 'meeting/1', at('2029-12-06'), 'clerk', { title: '会议' }),
    message(
      'publication.drafted',
      'publication/direct',
      at('2017-05-01'),
      'zhang',
      { title: '直接', contentHash: hashOf('d') },
      { agency: OTHER },
    ),
    message(
      'publication.released',
      'publication/direct',
      at('2017-05-02'),
      'zhang',
      { channel: 'website', contentHash: hashOf('d') },
      { agency: OTHER },
    ),
  );
  await service.settled();
});

afterAll(() => service.finish());

const list = async (query = ''): Promise<CaseList> => (await service.get(`${CASES}${query}`)).json<CaseList>();
const names = async (query: string): Promise<string[]> => (await list(query)).cases.map(({ case: name }) => name);
const one = async (name: string): Promise<ListedCase> => (await service.get(`${CASES}/${name}`)).json<ListedCase>();

const OFFICE = { act: 'disclosure.publication.cleared', step: 'office', role: 'office-reviewer', unit: '办公室', holders: ['office'] };
const LAW = { act: 'disclosure.publication.cleared', step: 'regulations', role: 'regulations-reviewer', unit: '综合法规科' };
const anybody = (act: string): object => ({ act: `disclosure.${act}`, step: null, role: null, unit: null, holders: null });

test('a case says who must act next', async () => {
  const { cases, next } = await list('?kind=publication');
  expect(next).toBeNull();
  expect(cases[0]).toEqual({
    case: 'publication/new',
    kind: 'publication',
    number: 'new',
    title: null,
    state: 'drafted',
    since: '2017-03-01',
    waitsFor: [OFFICE, { ...LAW, holders: ['lawyer'] }],
    dueOn: null,
  });
  const waits = Object.fromEntries(cases.map(({ number, waitsFor }) => [number, waitsFor]));
  // Who drafted clears nothing: here nobody can.
  expect(waits['own']).toEqual([{ ...LAW, holders: [] }]);
  expect(waits['back']).toEqual([{ ...anybody('publication.revised'), holders: ['second'] }]);
  expect(waits['signed']).toEqual([anybody('publication.released')]);
  expect(waits['kept']).toEqual([]);
  expect(waits['public']).toEqual([]);
});

test('the filters find their cases', async () => {
  expect(await names('?state=in-clearance')).toEqual(['publication/own']);
  expect(await names('?state=pending')).toEqual(['lawsuit/1']);
  expect(await names('?actor=office')).toEqual(['own', 'back', 'signed', 'kept', 'public'].map((number) => `publication/${number}`));
  expect(await names('?waitingFor=office-reviewer')).toEqual(['publication/new']);
  expect(await names('?waitingFor=lawyer')).toEqual(['publication/new']);
  expect(await names('?waitingFor=regulations-reviewer')).toEqual(['publication/new', 'publication/own']);
  expect(await names('?waitingFor=second')).toEqual(['publication/back']);
  expect(await names('?waitingFor=lawyer-2')).toEqual([]);
  expect(await names(`?documentNumber=${encodeURIComponent('〔2017〕1号')}`)).toEqual(['publication/public']);
  expect(await names('?openOn=2029-12-03')).toEqual(['application/asked', 'application/waiting']);
  expect(await names('?openOn=2029-12-02')).toEqual([]);
  const { dueOn } = await one('application/asked');
  expect(dueOn).toMatch(/^20(29-12|30-01)-/);
  expect(await names(`?dueBefore=${dueOn ?? ''}`)).toEqual([]);
  expect(await names('?dueBefore=2030-02-28')).toEqual(['application/asked']);
  expect(await names('?kind=publication&state=approved&actor=leader')).toEqual(['publication/signed', 'publication/kept']);
});

test('applications and remedies wait too', async () => {
  expect((await one('application/asked')).waitsFor).toEqual([anybody('application.reply-drafted')]);
  expect((await one('application/waiting')).waitsFor).toEqual([
    anybody('application.reply-drafted'),
    anybody('application.third-party-answered'),
  ]);
  expect(await one('application/waiting')).toMatchObject({ dueOn: null, since: '2029-12-03' });
  expect((await one('lawsuit/1')).waitsFor).toEqual([anybody('lawsuit.decided')]);
  expect((await one('meeting/1')).waitsFor).toEqual([]);
});

test('pages follow one another by bookmarks', async () => {
  const all = await list();
  expect(all.cases.map(({ case: name }) => name)).not.toContain(`agency/${AGENCY}`);
  const found: string[] = [];
  for (let address: string | null = `${CASES}?limit=2`; address !== null;) {
    const answer = await service.get(address);
    const { cases, next } = answer.json<CaseList>();
    found.push(...cases.map(({ case: name }) => name));
    const link = answer.headers['link'];
    if (next === null) expect(link).toBeUndefined();
    else expect(link).toBe(`<${CASES}?limit=2&after=${next}>; rel="next"`);
    address = typeof link === 'string' ? (/^<(.*)>/.exec(link)?.[1] ?? null) : null;
  }
  expect(found).toEqual(all.cases.map(({ case: name }) => name));
});

test('what no list knows is refused', async () => {
  const foreign = (await service.get(`${OFFICERS}?limit=1`)).json<OfficerList>().next ?? '';
  const elsewhere = (await service.get(`/v1/agencies/${OTHER}/officers?limit=1`)).json<OfficerList>().next ?? '';
  for (const query of [
    'kind=agency',
    'kind=nothing',
    'state=nowhere',
    'dueBefore=2017',
    'openOn=2017-02-30',
    'limit=0',
    'limit=1001',
    'limit=x',
    'page=2',
    'after=x',
    `after=${foreign}`,
  ])
    expectProblem(await service.get(`${CASES}?${query}`), 400, 'bad-parameter');
  for (const query of ['after=b3Blbg', `after=${elsewhere}`, 'kind=publication'])
    expectProblem(await service.get(`${OFFICERS}?${query}`), 400, 'bad-parameter');
  for (const url of ['/v1/agencies/nobody/cases', '/v1/agencies/nobody/officers', '/v1/agencies/nobody/officers/x'])
    expectProblem(await service.get(url), 404, 'unknown-agency');
  expectProblem(await service.get(`${OFFICERS}/nobody`), 404, 'not-found');
});

test('officers are listed by name', async () => {
  const { officers, next } = (await service.get(OFFICERS)).json<OfficerList>();
  expect(next).toBeNull();
  const found = officers.map(({ actor }) => actor);
  expect(found).toEqual([...found].sort());
  expect(officers.find(({ actor }) => actor === 'lawyer-2')).toEqual({
    actor: 'lawyer-2',
    roles: [{ role: 'regulations-reviewer', from: '2017-01-01', until: '2018-01-01' }],
    acts: 0,
    conflicts: 0,
  });
  const paged: string[] = [];
  for (let after = ''; ;) {
    const page = (await service.get(`${OFFICERS}?limit=3${after}`)).json<OfficerList>();
    paged.push(...page.officers.map(({ actor }) => actor));
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(paged).toEqual(found);
});

test('who released his own draft is named', async () => {
  const { conflicts, ...zhang } = (await service.get(`/v1/agencies/${OTHER}/officers/zhang`)).json<Officer>();
  expect(zhang).toEqual({
    actor: 'zhang',
    roles: [],
    acts: [
      { type: 'disclosure.publication.drafted', count: 1, firstOn: '2017-05-01', lastOn: '2017-05-01' },
      { type: 'disclosure.publication.released', count: 1, firstOn: '2017-05-02', lastOn: '2017-05-02' },
    ],
  });
  expect(conflicts).toMatchObject([{ rule: 'released-own-draft', case: 'publication/direct' }]);
  expect(conflicts[0]?.eventIds).toHaveLength(2);
});
