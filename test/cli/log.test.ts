/** The log of the service on stderr: a line for each request, nothing of what was asked, and nobody need read it. */
import { join } from 'node:path';
import { issueToken } from '../../src/access/identity/local-issuer.js';
import { received } from '../support/applications.js';
import { finishFolder, newFolder, serve, stop, type Served } from '../support/cli.js';
import { AGENCY, message } from '../support/messages.js';
import { HOST, sendBytes } from '../support/raw-http.js';
import { SINGLE } from '../support/service.js';
import { until } from '../support/until.js';

const OPERATOR = { issuer: 'local', subject: 'operator-canary' };

let folder: string;
let served: Served;

beforeEach(async () => {
  folder = newFolder();
  served = await serve({
    folder,
    env: {
      LOG_LEVEL: 'trace',
      DISCLOSURE_RATE: '0',
      DISCLOSURE_OIDC_ISSUER: 'local',
      DISCLOSURE_OPERATORS: JSON.stringify([OPERATOR]),
    },
  });
});

afterEach(async () => {
  await stop(served);
  await finishFolder(folder);
});

const tokenOf = async (subject: string): Promise<string> =>
  (await issueToken({ folder: join(folder, 'data'), subject, minutes: 60, now: Date.now() })).token;

interface Line {
  readonly requestId?: string;
  readonly status?: number;
}

/** The lines about requests. */
function lines(): Line[] {
  const found = served
    .stderr()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  return found.map((line) => JSON.parse(line) as Line).filter(({ requestId }) => requestId !== undefined);
}

/** Of a text that was sent, and must be in no line. */
const CANARY = 'canary';

test('each request has a line, nobody is named', async () => {
  // Requests that are answered, refused, cannot be read or fail, each with a canary wherever a client may put one.
  const operator = await tokenOf(OPERATOR.subject);
  const bad = `${operator}x`;
  const register = message('agency.registered', `agency/${AGENCY}`, '2010-01-01T00:00:00+08:00', 'actor-canary', {
    name: 'name-canary',
    administrator: 'root-canary',
  });
  const ask = async (path: string, token: string | null, body?: string): Promise<number> => {
    const headers = {
      'user-agent': 'agent-canary',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': SINGLE }),
    };
    return (await fetch(`${served.url}${path}`, { headers, ...(body === undefined ? {} : { method: 'POST', body }) })).status;
  };
  const asked: [number, Promise<number>][] = [
    [201, ask('/v1/events', operator, JSON.stringify(register))],
    [422, ask('/v1/events', operator, JSON.stringify(received('case-canary', '2017-03-01')))],
    [400, ask('/v1/events', operator, '{"canary": x}')],
    [400, ask('/v1/events?query-canary=1', operator, '{}')],
    [401, ask('/v1/agencies/address-canary/tables/2017', null)],
    [401, ask('/v1/agencies/address-canary/tables/2017', bad)],
    [403, ask('/v1/agencies/address-canary/cases/application/case-canary', operator)],
    [404, ask('/nowhere-canary', operator)],
    [200, ask('/metrics', operator)],
    [200, ask('/health/live', null)],
  ];
  expect(await Promise.all(asked.map(([, status]) => status))).toEqual(asked.map(([status]) => status));
  const broken = ['GET /%zz-canary HTTP/1.1', 'CANARY-canary / HTTP/1.1', `GET /canary${'a'.repeat(20_000)} HTTP/1.1`];
  for (const first of broken)
    await sendBytes(served.url, [first, `Host: ${HOST}`, 'X-Request-Id: mine', 'Connection: close', '', ''].join('\r\n'));
  await until(() => lines().length >= asked.length + broken.length);
  expect(
    lines()
      .map(({ status }) => status)
      .sort(),
  ).toEqual([...asked.map(([status]) => status), 401, 400, 431].sort());
  expect(served.stderr().toLowerCase().replaceAll('{"canary', '')).not.toContain(CANARY);
  expect(lines().filter(({ requestId }) => requestId === 'mine')).toHaveLength(1);
});

test('nobody need read it', async () => {
  // A pipe holds 64 KiB: what is beyond is kept or dropped, and every request is answered.
  served.child.stderr?.pause();
  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`${served.url}/health/live`)));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    await Promise.all(answers.map((answer) => answer.text()));
  }
  served.child.stderr?.resume();
  await until(() => lines().length === 1_000);
});

test('lines nobody reads are dropped, and counted', async () => {
  // More than the pipe and 1 MiB hold; every request is answered, and each has a line or is counted.
  const token = await tokenOf(OPERATOR.subject);
  const dropped = async (): Promise<number> => {
    const answer = await fetch(`${served.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    return Number(/^disclosure_log_lines_dropped_total (\d+)$/m.exec(await answer.text())?.[1]);
  };
  const headers = { 'x-request-id': 'x'.repeat(128) };
  served.child.stderr?.pause();
  let asked = 0;
  const counts: number[] = [];
  do {
    const answers = await Promise.all(Array.from({ length: 100 }, () => fetch(`${served.url}/health/live`, { headers })));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    await Promise.all(answers.map((answer) => answer.text()));
    asked += answers.length;
    counts.push(await dropped());
  } while (counts.at(-1) === 0);
  served.child.stderr?.resume();
  const told = (): number => lines().filter(({ requestId }) => requestId === headers['x-request-id']).length;
  // Those for the numbers themselves may be dropped too.
  await until(async () => told() + (await dropped()) >= asked);
  expect(told()).toBeLessThan(asked);
});
