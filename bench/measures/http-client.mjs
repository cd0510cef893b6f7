// A client of the service: kept connections, one request at a time on each, and questions at a fixed rate.
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { inFlight, percentiles } from '../measure.mjs';

export function client(address, sockets) {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  const { hostname, port } = new URL(address);
  const send = (method, path, headers = {}, body = undefined) =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const sent = request({ agent, hostname, port, path, method, headers: { ...headers, ...length } }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return { send, close: () => agent.destroy() };
}

/** Sends messages, each a text, in one request: one alone, several as a batch. */
export function post(send, messages) {
  const alone = messages.length === 1;
  const type = `application/cloudevents${alone ? '' : '-batch'}+json`;
  const body = alone ? messages[0] : `[${messages.join(',')}]`;
  return send('POST', '/v1/events', { 'content-type': type }, body);
}

/** The same. Throws where one is not recorded. */
export async function record(send, messages) {
  const { status, text } = await post(send, messages);
  if (messages.length === 1 ? status === 201 : status === 200 && !text.includes('"status":"refused"')) return;
  throw new Error(`${status} ${text.slice(0, 500)}`);
}

/**
 * Asks so many times a second until `going` says no; `ask` gets the number of the question. Times in ms from when each
 * should have been asked: what waits in line counts.
 */
export async function atRate({ perSecond, going, ask }) {
  const times = [];
  const begun = performance.now();
  let next = 0;
  await inFlight(64, () => {
    if (!going()) return undefined;
    const n = next++;
    return async () => {
      const due = begun + (n * 1000) / perSecond;
      await sleep(Math.max(0, due - performance.now()));
      const since = Math.min(due, performance.now());
      await ask(n);
      times.push(performance.now() - since);
    };
  });
  return { ...percentiles(times), count: times.length, seconds: (performance.now() - begun) / 1000 };
}
