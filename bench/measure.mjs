// Measuring: every measurement runs in a process of its own, so that its memory, its processor time and its compiled
// code are its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { clearTimeout } from 'node:timers';

const running = new Set();

/** Ends every measurement at once; for the end of the run, before its folder goes. */
export function killAll() {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * Runs one measurement (an exported function of measures/<file>.mjs) in a child and gives what it returns; kills it
 * after `limit` ms.
 */
export async function measure(file, name, args, limit = 2 ** 31 - 1) {
  const started = start(file, name, args);
  const timer = setTimeout(started.kill, limit);
  try {
    const { result } = await started.message('result');
    await started.exit;
    return result;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Starts one that goes on: `message(kind)` waits for the next message of that kind, `send` talks to it, `stop` ends it.
 */
export function start(file, name, args) {
  const env = { ...process.env, NODE_ENV: 'production' };
  // A measurement of the embedded log must not find the server; whoever needs it is given its address.
  delete env.EVENTSTOREDB_URL;
  const child = fork(new URL('./child.mjs', import.meta.url), {
    env,
    execArgv: ['--expose-gc', ...heapOf(file, name), ...profiling(name)],
  });
  running.add(child);
  const waiting = new Map();
  const arrived = [];
  let ended = null;
  const exit = once(child, 'exit');
  // Whoever waits for a message is told by it; nobody else has to.
  exit.catch(() => undefined);
  child.on('message', (message) => {
    const resolve = waiting.get(message.kind)?.resolve;
    waiting.delete(message.kind);
    if (resolve === undefined) arrived.push(message);
    else resolve(message);
  });
  child.on('exit', (code, signal) => {
    running.delete(child);
    ended = new Error(`the measurement ${file} ${name} ended with ${code ?? signal}`);
    for (const { reject } of waiting.values()) reject(ended);
  });
  child.send({ file, name, args });
  return {
    exit,
    kill: () => child.kill('SIGKILL'),
    send: (message) => child.send(message),
    message(kind) {
      const found = arrived.findIndex((message) => message.kind === kind);
      if (found >= 0) return Promise.resolve(arrived.splice(found, 1)[0]);
      if (ended !== null) return Promise.reject(ended);
      return new Promise((resolve, reject) => waiting.set(kind, { resolve, reject }));
    },
    async stop() {
      if (ended !== null) return;
      child.send({ kind: 'stop' });
      await exit;
    },
  };
}

/**
 * As in the program: a service begins with a bound (bin/disclosure.js), read models are built in a thread that has one
 * (cli/heap-thread.ts). What is beside them for comparison has Node's own.
 */
function heapOf(file, name) {
  if (file === 'service' && name === 'serve') return ['--max-semi-space-size=16'];
  return file === 'rebuilding' && name !== 'bare' ? ['--max-semi-space-size=8', '--max-old-space-size=1024'] : [];
}

/** BENCH_PROFILE=folder writes a processor profile of every measurement there. */
function profiling(name) {
  const folder = process.env.BENCH_PROFILE;
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}-${Date.now()}.cpuprofile`];
}

/**
 * Runs the competitors in turn, `rounds` times, and gives all results of each: what disturbs the machine disturbs them
 * alike.
 */
export async function interleaved(rounds, competitors) {
  const results = Object.fromEntries(Object.keys(competitors).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(competitors)) results[name].push(await run(round));
  }
  return results;
}

/** Wall time and processor time of an action, the latter as a share of one core. */
export async function timed(action) {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const value = await action();
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { value, seconds, cpu: (user + system) / 1e6 / seconds };
}

/** The most resident memory of this process so far, bytes, as the operating system knows it. */
export const peakMemory = () => process.resourceUsage().maxRSS * 1024;

/** The round with the middle figure. */
export function medianOf(results, figure) {
  const sorted = [...results].sort((a, b) => figure(a) - figure(b));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

export const perSecond = ({ count, seconds }) => count / seconds;

export function percentiles(milliseconds) {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) };
}

/** At most `limit` at once, taken in order; `next` gives the task or undefined at the end. */
export async function inFlight(limit, next) {
  const worker = async () => {
    for (let task = next(); task !== undefined; task = next()) await task();
  };
  await Promise.all(Array.from({ length: limit }, worker));
}
