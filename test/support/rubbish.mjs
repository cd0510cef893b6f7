// Sends rubbish to a service from many connections until its time is over, as fast as the machine gives; then says in
// one line of JSON what was sent and what came back. Its argument: {url, connections, ms, token, seed}.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';
import { gzipSync } from 'node:zlib';

const { url, connections, ms, token, seed, only } = JSON.parse(process.argv[2]);
const { hostname, port, host } = new URL(url);
const end = Date.now() + ms;
const MIB = 1024 * 1024;

let state = seed;
/** A whole number below `n` (mulberry32): a run is tried again by its seed. */
function below(n) {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
}

const one = (of) => of[below(of.length)];
const head = (first, ...headers) => [first, `Host: ${host}`, ...headers, '', ''].join('\r\n');
const post = (...headers) => head('POST /v1/events HTTP/1.1', 'Content-Type: application/x-ndjson', ...headers);
const good = `Authorization: Bearer ${token}`;
const bomb = gzipSync(Buffer.alloc(64 * MIB, ' '));
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** As a token of the issuer, with a signature that is none. */
const forged = () => [...token.split('.').slice(0, 2), randomBytes(64).toString('base64url')].join('.');
const unsigned = () => `${encoded({ alg: 'none' })}.${encoded({ iss: 'local', sub: `s${below(1e9)}`, exp: 4e9 })}.`;

/** What is sent; `left`: the connection then stays as it is, with a request that never ends or an unread answer. */
const KINDS = {
  'bad token': () => ({
    bytes: head('GET /v1/events HTTP/1.1', `Authorization: Bearer ${one([forged, unsigned, () => 'x'.repeat(9000)])()}`),
  }),
  'no token': () => ({ bytes: head(`GET /v1/agencies/a${below(1e9)}/tables/2017 HTTP/1.1`) }),
  'bad token with a body': () => ({ bytes: post(`Authorization: Bearer ${forged()}`, `Content-Length: ${MIB}`) + 'x'.repeat(MIB) }),
  'bad JSON': () => ({ bytes: post(good, 'Content-Length: 20') + '{"a":[1,2,{"b":"c\n}\n' }),
  'long lines': () => ({ bytes: post(good, `Content-Length: ${MIB}`) + 'x'.repeat(MIB) }),
  'a huge header': () => ({ bytes: head('GET / HTTP/1.1', `X: ${'x'.repeat(64 * 1024)}`) }),
  'many headers': () => ({ bytes: head('GET /health/live HTTP/1.1', ...Array.from({ length: 1000 }, (_, n) => `h${n}:`)) }),
  'another method': () => ({ bytes: head(`${one(['PROPFIND', 'DELETE', 'TRACE', 'PUT', 'NONSENSE'])} /v1/events HTTP/1.1`, good) }),
  'random bytes': () => ({ bytes: randomBytes(1 + below(4096)) }),
  'a long address': () => ({ bytes: head(`GET /${'a'.repeat(10_000)}?b=%zz HTTP/1.1`) }),
  'a bomb': () => ({ bytes: Buffer.concat([Buffer.from(post(good, 'Content-Encoding: gzip', `Content-Length: ${bomb.length}`)), bomb]) }),
  'half a head': () => ({ bytes: head('GET /v1/events HTTP/1.1').slice(0, 5 + below(40)), left: true }),
  'a body that stops': () => ({ bytes: post(good, 'Content-Length: 1000000') + 'x'.repeat(below(100_000)), left: true }),
  'chunks that stop': () => ({
    bytes: post(good, 'Transfer-Encoding: chunked') + `${(50_000).toString(16)}\r\n` + 'x'.repeat(50_000),
    left: true,
  }),
  'an answer nobody reads': () => ({ bytes: head('GET /openapi.json HTTP/1.1').repeat(50), left: true }),
  'many requests at once': () => ({ bytes: head('GET /v1/nothing HTTP/1.1').repeat(200) }),
};
const names = only ?? Object.keys(KINDS);
const sent = Object.fromEntries(names.map((name) => [name, 0]));
const answers = {};

/** One connection, until it is closed; what is left open is reset after a moment. */
function rubbish(name) {
  const { bytes, left = false } = KINDS[name]();
  sent[name] += 1;
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const timer = setTimeout(() => socket.destroy(), left ? 50 + below(600) : Math.max(100, end - Date.now()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    if (left) socket.pause();
    else
      socket.once('data', (chunk) => {
        const status = chunk.toString('latin1', 9, 12);
        answers[status] = (answers[status] ?? 0) + 1;
        socket.end();
        socket.resume();
      });
    socket.write(bytes);
  });
}

async function sender(first) {
  for (let n = first; Date.now() < end; n += 1) await rubbish(names[n % names.length]);
}

await Promise.all(Array.from({ length: connections }, (_, n) => sender(n)));
process.stdout.write(`${JSON.stringify({ sent, answers })}\n`);
process.exit(0);
