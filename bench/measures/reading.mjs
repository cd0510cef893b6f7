// Answers at size: tables live and as of any event, explanations, and how soon a recorded act is in the figure.
import { openWriter } from '../../dist/runtime/runtime.js';
import { NO_IDENTITY } from '../../dist/recording/sender.js';
import { APPLICATION_YEARS } from '../histories.mjs';
import { percentiles } from '../measure.mjs';

const WARM_UP = 50;
const LIMIT_MS = 30_000;
const LEAST = 100;

export async function open(folder) {
  const runtime = openWriter({ config: { data: folder, eventStoreDbUrl: null } });
  if (runtime === null || !(await runtime.writer.runner.caughtUp(60_000))) throw new Error(`cannot read ${folder}`);
  return runtime;
}

/** A small generator with a fixed seed: every run asks the same questions. */
export function randomOf(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** `times` answers, fewer where they take longer than a run can wait. */
export async function sample(times, ask) {
  const taken = [];
  const until = performance.now() + LIMIT_MS;
  for (let turn = 0; turn < times + WARM_UP && (performance.now() < until || taken.length < LEAST); turn += 1) {
    const begun = performance.now();
    await ask();
    if (turn >= WARM_UP) taken.push(performance.now() - begun);
  }
  return { ...percentiles(taken), times: taken.length };
}

/** A sample with the processor time of each, ms, which a busy machine changes least; the warming up is in it. */
export async function reckoned(times, ask) {
  let asked = 0;
  const before = process.cpuUsage();
  const taken = await sample(times, () => {
    asked += 1;
    return ask();
  });
  const { user, system } = process.cpuUsage(before);
  return { ...taken, processor: (user + system) / 1000 / asked };
}

/** From the moment a receipt is there until a table says another figure, asked again and again. */
export async function receiptToFigure({ folder, times }) {
  const runtime = await open(folder);
  const question = { agency: 'agency-0', year: 2018 };
  const figures = async () => JSON.stringify((await runtime.tables.table(question)).rows);
  const run = Date.now();
  const taken = [];
  const recording = [];
  const until = performance.now() + LIMIT_MS;
  for (let turn = 0; turn < times + WARM_UP && (performance.now() < until || taken.length < LEAST); turn += 1) {
    const message = {
      specversion: '1.0',
      id: `meeting-${run}-${turn}`,
      source: '/bench/meetings',
      type: 'disclosure.meeting.held',
      subject: `meeting/${run}-${turn}`,
      time: '2018-06-01T09:00:00+08:00',
      agency: question.agency,
      actor: 'office',
      data: { title: `第 ${turn} 次会议` },
    };
    const before = await figures();
    const sent = performance.now();
    const receipt = await runtime.writer.recorder.recordBytes(Buffer.from(JSON.stringify(message)), NO_IDENTITY);
    if (receipt.status !== 'recorded') throw new Error(JSON.stringify(receipt));
    const begun = performance.now();
    while ((await figures()) === before) await new Promise((resolve) => setImmediate(resolve));
    if (turn < WARM_UP) continue;
    taken.push(performance.now() - begun);
    recording.push(begun - sent);
  }
  await runtime.close();
  return { times: taken.length, figure: percentiles(taken), receipt: percentiles(recording) };
}

/** Tables of any year, live and as of any event, and the open applications on any day. */
export async function applications({ folder, times }) {
  const runtime = await open(folder);
  const random = randomOf(2019);
  const agency = 'agency-0';
  const year = () => APPLICATION_YEARS[random(APPLICATION_YEARS.length)];
  const { asOf } = await runtime.tables.table({ agency, year: 2017 });
  const day = () => `${year()}-${String(1 + random(12)).padStart(2, '0')}-${String(1 + random(28)).padStart(2, '0')}`;
  let mostOpen = 0;
  const result = {
    live: await sample(times, () => runtime.tables.table({ agency, year: year() })),
    asOf: await sample(times, () => runtime.tables.table({ agency, year: year(), asOf: `index:${10 + random(asOf.index - 10)}` })),
    deadlines: await sample(times, async () => {
      const { open: cases } = await runtime.deadlines.deadlines({ agency, on: day() });
      mostOpen = Math.max(mostOpen, cases.length);
    }),
    events: asOf.index + 1,
  };
  await runtime.close();
  return { ...result, mostOpen };
}
