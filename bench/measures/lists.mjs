// The lists of the API over HTTP, each with each of its filters: pages begun at random values, in turn.
import { client } from './http-client.mjs';
import { randomOf, sample } from './reading.mjs';

const YEARS = 10;

/** What may be asked of the agencies `shared`, who publish, and of `receiving`, who has the applications. */
function questionsOf({ receiving, shared, cases, random }) {
  const any = (...values) => values[random(values.length)];
  const agency = () => `agency-${random(shared)}`;
  const day = () => `${2014 + random(YEARS)}-${String(1 + random(12)).padStart(2, '0')}-${String(1 + random(28)).padStart(2, '0')}`;
  const of = (name, more) => () => `/v1/agencies/${name()}/${more()}`;
  const here = () => receiving;
  const someCase = () => {
    const place = random(cases);
    const year = 2014 + Math.floor((place / cases) * YEARS);
    return `application/${year}-${String(place).padStart(7, '0')}`;
  };
  return {
    agencies: () => '/v1/agencies',
    cases: of(here, () => 'cases'),
    'cases kind': of(here, () => 'cases?kind=application'),
    'cases state': of(here, () => `cases?state=${any('received', 'replied', 'in-clearance')}`),
    'cases actor': of(here, () => `cases?actor=${any('lawyer', 'clerk', 'leader', 'nobody')}`),
    'cases waitingFor': of(here, () => `cases?waitingFor=${any('lawyer', 'office-reviewer', 'nobody')}`),
    'cases dueBefore': of(here, () => `cases?dueBefore=${day()}`),
    'cases openOn': of(here, () => `cases?openOn=${day()}`),
    'cases documentNumber': of(agency, () => `cases?documentNumber=${random(1000)}`),
    deadlines: of(here, () => `deadlines?on=${day()}`),
    'deadlines within': of(here, () => `deadlines?on=${day()}&within=10`),
    officers: of(agency, () => 'officers'),
    'an officer': of(here, () => `officers/${any('lawyer', 'clerk', 'drafter')}`),
    tables: of(here, () => 'tables'),
    table: of(here, () => `tables/${2014 + random(YEARS)}`),
    'table compared': of(here, () => `tables/${2015 + random(YEARS - 1)}?compare=2014`),
    'events agency': () => `/v1/events?agency=${agency()}`,
    'events type': () => `/v1/events?type=${any('publication.approved', 'application.received', 'agency.registered')}`,
    'events case': () => `/v1/events?case=${someCase()}`,
    'events actor': () => `/v1/events?actor=${any('lawyer', 'root', 'editor')}`,
    'events from, to': () => `/v1/events?from=${day()}&order=${any('asc', 'desc')}`,
    'events recordedFrom': () => `/v1/events?recordedFrom=2026-01-01&order=${any('asc', 'desc')}`,
    'events lateBy': () => `/v1/events?lateBy=P${100 + random(3000)}D`,
    'a case': of(here, () => `cases/${someCase()}`),
    'a trail': of(here, () => `cases/${someCase()}/trail`),
    refusals: () => '/v1/refusals',
    'refusals agency': () => `/v1/refusals?agency=${receiving}`,
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
