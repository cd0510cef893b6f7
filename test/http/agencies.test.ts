/** Agencies over HTTP: which there are, with their years, and how one is set up. */
import type { AgencyDescription, AgencyList } from '../../src/read-models/agencies/agency-lister.js';
import { received } from '../support/applications.js';
import { AGENCY, at, message, setUp } from '../support/messages.js';
import { expectProblem, startService, type TestService } from '../support/service.js';

let service: TestService;

const registered = (code: string) =>
  message(
    'agency.registered',
    `agency/${code}`,
    at('2012-01-01'),
    'root',
    { name: `${code}局`, administrator: 'head', parent: AGENCY },
    { agency: code },
  );

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp(), ...['b-3', 'b-1', 'b-2'].map(registered));
  await service.record(received('2021-1', '2021-03-01'), { ...received('2019-1', '2019-03-01'), agency: 'b-1' });
  await service.record(
    message('table.declared', 'table/2016', at('2017-01-05'), 'clerk', {
      year: 2016,
      form: '2014-shandong',
      cells: { '1.1': '72' },
      evidence: '盖章件',
    }),
    message('agency.role-ended', `agency/${AGENCY}`, at('2015-06-30'), 'root', { actor: 'office', role: 'office-reviewer' }),
    message('agency.changed', 'agency/b-2', at('2013-01-01'), 'head', { name: '改名局', from: '2013-02-01' }, { agency: 'b-2' }),
  );
  await service.settled();
});
afterAll(() => service.finish());

const list = async (query = ''): Promise<AgencyList> => (await service.get(`/v1/agencies${query}`)).json<AgencyList>();

test('all of them by code, with their years', async () => {
  // 2020 and later hold an application open from before: balances alone make no year.
  expect(await list()).toEqual({
    agencies: [
      { agency: 'b-1', name: 'b-1局', parent: AGENCY, reporting: 'included', years: [2019] },
      { agency: 'b-2', name: '改名局', parent: AGENCY, reporting: 'included', years: [] },
      { agency: 'b-3', name: 'b-3局', parent: AGENCY, reporting: 'included', years: [] },
      { agency: AGENCY, name: '某县商务局', parent: null, reporting: 'included', years: [2016, 2021] },
    ],
    next: null,
  });
});

test('page by page, each agency once', async () => {
  const seen: string[] = [];
  for (let query = '?limit=1'; ;) {
    const { agencies, next } = await list(query);
    seen.push(...agencies.map(({ agency }) => agency));
    if (next === null) break;
    query = `?limit=1&after=${next}`;
  }
  expect(seen).toEqual(['b-1', 'b-2', 'b-3', AGENCY]);
});

test('one with its chain and roles', async () => {
  const found = (await service.get(`/v1/agencies/${AGENCY}`)).json<AgencyDescription>();
  expect(found).toMatchObject({
    agency: AGENCY,
    chain: { steps: [{ step: 'office' }, { step: 'regulations' }], approver: { role: 'deputy-leader' }, attested: false },
    years: [2016, 2021],
  });
  expect(found.roles).toContainEqual({ actor: 'office', role: 'office-reviewer', from: '2010-01-01', until: '2015-06-30' });
  expect(found.roles).toContainEqual({ actor: 'root', role: 'administrator', from: '2010-01-01', until: null });
  expect((await service.get('/v1/agencies/b-1')).json<AgencyDescription>()).toMatchObject({
    chain: null,
    forms: expect.any(Array) as unknown,
  });
});

test('wrong questions are refused', async () => {
  expectProblem(await service.get('/v1/agencies/nowhere'), 404, 'unknown-agency');
  expectProblem(await service.get('/v1/agencies?after=bm93aGVyZQ'), 400, 'bad-parameter');
  expectProblem(await service.get('/v1/agencies?name=x'), 400, 'bad-parameter');
});
