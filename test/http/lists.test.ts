/** Every address that gives a list by pages, as the description names them: links lead through it, once and whole. */
import { AGENCY, approvedItem, at, message, setUp } from '../support/messages.js';
import { expectProblem, startService, type Answer, type TestService } from '../support/service.js';

const OTHER = 'other-agency';
const LEFT = 4;

let service: TestService;
let lists: readonly string[];

beforeAll(async () => {
  service = await startService();
  for (const agency of [AGENCY, OTHER]) {
    await service.record(...setUp(agency));
    for (let nth = 0; nth < LEFT; nth += 1) {
      const [item] = approvedItem(`i-${nth}`, '2017-05-01');
      await service.record({ ...item, agency });
      await service.post(message('meeting.held', `meeting/${nth}`, at('2017-05-01'), 'clerk', {}, { agency }));
    }
  }
  // Nothing but its registration.
  await service.record(...setUp('third-agency').slice(0, 1));
  await service.settled();
  const { paths } = (await service.get('/openapi.json')).json<{ paths: Record<string, { get?: Described }> }>();
  const pages = (of: Described | undefined): boolean =>
    ['after', 'limit'].every((name) => of?.parameters?.some((one) => one.name === name));
  lists = Object.keys(paths).filter((path) => pages(paths[path]?.get));
});

afterAll(() => service.finish());

interface Described {
  readonly parameters?: readonly { readonly name: string }[];
}

const addressOf = (list: string, agency = AGENCY): string => list.replace('{agency}', agency);

/** A list is the one array of its answer. */
function itemsOf(answer: Answer): readonly unknown[] {
  expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
  return Object.values(answer.json<object>()).find((value) => Array.isArray(value)) as unknown[];
}

const linkOf = ({ headers }: Answer): string | null => /^<(.+)>; rel="next"$/.exec(String(headers['link'] ?? ''))?.[1] ?? null;
const nextOf = (answer: Answer): string | null => answer.json<{ next: string | null }>().next;

test('there are lists', () => {
  expect(lists.length).toBeGreaterThanOrEqual(5);
  expect(lists).toEqual(expect.arrayContaining(['/v1/agencies', '/v1/events', '/v1/refusals']));
});

test('links lead through every list', async () => {
  for (const list of lists) {
    const whole = itemsOf(await service.get(`${addressOf(list)}?limit=1000`));
    const found: unknown[] = [];
    let [address, pages]: [string | null, number] = [`${addressOf(list)}?limit=2`, 0];
    for (; address !== null; pages += 1) {
      const answer: Answer = await service.get(address);
      found.push(...itemsOf(answer));
      address = linkOf(answer);
      // The link names the bookmark of the answer, and keeps what was asked.
      const asked = new URLSearchParams(address?.split('?')[1]);
      if (address !== null) expect([list, asked.get('after'), asked.get('limit')]).toEqual([list, nextOf(answer), '2']);
    }
    expect([list, found]).toEqual([list, whole]);
    expect([list, pages > 1]).toEqual([list, true]);
  }
});

test('the last page has no link', async () => {
  for (const list of lists) {
    const last = await service.get(`${addressOf(list)}?limit=1000`);
    expect([list, last.headers['link']]).toEqual([list, undefined]);
    // The log goes on behind its end; every other list has one.
    const next = nextOf(last);
    if (list !== '/v1/events') expect([list, next]).toEqual([list, null]);
    else expect(itemsOf(await service.get(`${list}?after=${next}`))).toEqual([]);
  }
});

test('a bookmark leads to the same page again', async () => {
  for (const list of lists) {
    const address = linkOf(await service.get(`${addressOf(list)}?limit=1`)) ?? '';
    const [first, again] = [await service.get(address), await service.get(address)];
    expect([list, again.text]).toEqual([list, first.text]);
    expect(itemsOf(first)).toHaveLength(1);
  }
});

test('bookmarks of other lists are refused', async () => {
  const bookmarks = new Map<string, string>();
  for (const list of lists) bookmarks.set(list, nextOf(await service.get(`${addressOf(list)}?limit=1`)) ?? '');
  for (const list of lists) {
    for (const [of, bookmark] of bookmarks) {
      if (of !== list) expectProblem(await service.get(`${addressOf(list)}?after=${bookmark}`), 400, 'bad-parameter');
    }
    const own = Buffer.from(bookmarks.get(list) ?? '', 'base64url').toString();
    const [name] = own.split(' ');
    // An index that no element has, one that is no index, another spelling, and what is no bookmark at all.
    for (const forged of [`${name} 999999 0`, `${name} x 0`, `${own} `, '', 'x'])
      expectProblem(await service.get(`${addressOf(list)}?after=${Buffer.from(forged).toString('base64url')}`), 400, 'bad-parameter');
    expectProblem(await service.get(`${addressOf(list)}?after=%21`), 400, 'bad-parameter');
  }
});

test('bookmarks of another agency are refused', async () => {
  const ofAgency = lists.filter((list) => list.includes('{agency}'));
  expect(ofAgency.length).toBeGreaterThanOrEqual(2);
  for (const list of ofAgency) {
    const next = nextOf(await service.get(`${addressOf(list, OTHER)}?limit=1`)) ?? '';
    expectProblem(await service.get(`${addressOf(list)}?after=${next}`), 400, 'bad-parameter');
    expectProblem(await service.get(addressOf(list, 'nobody')), 404, 'unknown-agency');
  }
});

test.each(['0', '1001', '-1', '1.5', 'all', '1e2'])('a limit of %s is refused', async (limit) => {
  for (const list of lists) expectProblem(await service.get(`${addressOf(list)}?limit=${limit}`), 400, 'bad-parameter');
});
