// The lists of the API over HTTP, each with each of its filters: pages begun at random values, in turn.
import { client } from './http-client.mjs';
import { randomOf, sample } from './reading.mjs';

const YEARS = 10;

/** What may be asked about the `cases` applications of `agency` (histories.mjs). */
function questionsOf({ agency, cases, random }) {
  const any = (...values) => values[random(values.length)];
  const day = () => `${2014 + random(YEARS)}-${String(1 + random(12)).padStart(2, '0')}-${String(1 + random(28)).padStart(2, '0')}`;
  const of = (more) => () => `/v1/agencies/${agency}/${more()}`;
  const someCase = () => {
    const place = random(cases);
    const year = new Date(Date.UTC(2014, 0, 1 + Math.floor((place / cases) * 3650))).getUTCFullYear();
    return `application/${year}-${String(place).padStart(7, '0')}`;
  };
  return {
    agencies: () => '/v1/agencies',
    cases: of(() => 'cases'),
    'cases kind': of(() => 'cases?kind=application'),
    'cases state': of(() => `cases?state=${any('received', 'replied', 'in-clearance')}`),
    'cases actor': of(() => `cases?actor=${any('lawyer', 'clerk', 'leader', 'nobody')}`),
    'cases waitingFor': of(() => `cases?waitingFor=${any('lawyer', 'office-reviewer', 'nobody')}`),
    'cases dueBefore': of(() => `cases?dueBefore=${day()}`),
    'cases openOn': of(() => `cases?openOn=${day()}`),
    'cases documentNumber': of(() => `cases?documentNumber=${random(1000)}`),
    deadlines: of(() => `deadlines?on=${day()}`),
    'deadlines within': of(() => `deadlines?on=${day()}&within=P10D`),
    officers: of(() => 'officers'),
    'an officer': of(() => `officers/${any('lawyer', 'clerk', 'drafter')}`),
    tables: of(() => 'tables'),
    table: of(() => `tables/${2014 + random(YEARS)}`),
    'table compared': of(() => `tables/${2015 + random(YEARS - 1)}?compare=2014`),
    'events agency': () => `/v1/events?agency=${agency}`,
    'events type': () => `/v1/events?type=${any('publication.approved', 'application.received', 'agency.registered')}`,
    'events case': () => `/v1/events?case=${someCase()}`,
    'events actor': () => `/v1/events?actor=${any('lawyer', 'root', 'editor')}`,
    'events from, to': () => `/v1/events?from=${day()}&order=${any('asc', 'desc')}`,
    'events recordedFrom': () => `/v1/events?recordedFrom=2026-01-01&order=${any('asc', 'desc')}`,
    'events lateBy': () => `/v1/events?lateBy=P${100 + random(3000)}D`,
    'a case': of(() => `cases/${someCase()}`),
    'a trail': of(() => `cases/${someCase()}/trail`),
    refusals: () => '/v1/refusals',
    'refusals agency': () => `/v1/refusals?agency=${agency}`,
  };
}

/** Times of each list, ms; throws where an answer is no page. */
export async function lists({ address, times, ...about }) {
  const { send, close } = client(address, 1);
  const found = {};
  for (const [name, path] of Object.entries(questionsOf({ ...about, random: randomOf(2019) }))) {
    found[name] = await sample(times, async () => {
      const asked = path();
      const { status, text } = await send('GET', asked);
      if (status !== 200) throw new Error(`${asked}: ${status} ${text.slice(0, 300)}`);
    });
  }
  close();
  return found;
}
