// Pages over HTTP as a signed-in browser asks for them: times, and bytes as they are sent uncompressed.
import { URLSearchParams } from 'node:url';
import { client } from './http-client.mjs';
import { randomOf, sample } from './reading.mjs';

const HTML = { accept: 'text/html' };

/** The cookie of a leader of the try-out. */
async function signIn(send) {
  const form = await send('GET', '/sign-in', HTML);
  const [, token = ''] = /name="token" value="([^"]+)"/.exec(form.text) ?? [];
  const body = new URLSearchParams({ token, person: 'leader', return: '/agencies' }).toString();
  const headers = { ...HTML, cookie: cookiesOf(form), 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await send('POST', '/sign-in', headers, body);
  if (answer.status !== 303) throw new Error(`signing in: ${answer.status} ${answer.text.slice(0, 300)}`);
  return cookiesOf(answer);
}

const cookiesOf = ({ headers }) => (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');

/** Of each page its times, ms, and the bytes of the heaviest. */
export async function pages({ address, agencies, years, times }) {
  const { send, close } = client(address, 1);
  const headers = { ...HTML, cookie: await signIn(send) };
  const random = randomOf(2017);
  const year = () => years[random(years.length)];
  const home = () => `/agencies/agency-${random(agencies)}`;
  const questions = {
    table: () => `${home()}/tables/${year()}`,
    'table compared': () => `${home()}/tables/${year()}?compare=${year()}`,
    home,
    applications: () => `${home()}/applications`,
    charts: () => `${home()}/statistics/${year()}`,
  };
  const found = {};
  for (const [name, path] of Object.entries(questions)) {
    let bytes = 0;
    const taken = await sample(times, async () => {
      const asked = path();
      const { status, text } = await send('GET', asked, headers);
      if (status !== 200) throw new Error(`${asked}: ${status} ${text.slice(0, 300)}`);
      bytes = Math.max(bytes, Buffer.byteLength(text));
    });
    found[name] = { ...taken, bytes };
  }
  close();
  return found;
}
