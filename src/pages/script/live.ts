/**
 * Says that something newer was recorded than the page shows. It offers to refresh; by itself it does so only where
 * the reader chose that, and never under his hands: what somebody reads, types or has marked stays.
 */
import { controls, say } from './controls.js';

/** ms before the next try; each failure doubles it up to the second. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** ms between two drawings: what comes meanwhile is drawn with the next. */
const REST_MS = 2000;
/** In this tab, as long as it is open. */
const CHOICE = 'refresh-by-itself';

export function followChanges(): void {
  for (const control of controls('live')) void follow(control);
}

/** How a stream ended: `cut` where it may begin again, `refused` where nothing will be told. */
type End = 'cut' | 'signed-out' | 'refused';

async function follow(control: HTMLElement): Promise<void> {
  control.addEventListener('click', ({ target }) => chosen(target));
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    await visible();
    const begun = Date.now();
    const end = await listen(control);
    if (end === 'signed-out') return say(control, 'signed-out');
    if (end === 'refused') return;
    // One that stood for a while was no failure.
    if (Date.now() - begun > wait) wait = FIRST_WAIT_MS;
    await sleep(wait);
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A browser has few connections to one place: a page that nobody sees leaves its own to the others. */
async function visible(): Promise<void> {
  while (document.hidden) await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
}

async function listen(control: HTMLElement): Promise<End> {
  const left = new AbortController();
  const leave = (): void => (document.hidden ? left.abort() : undefined);
  document.addEventListener('visibilitychange', leave);
  try {
    const answer = await fetch(addressOf(control), { redirect: 'manual', signal: left.signal, headers: { accept: 'text/event-stream' } });
    // A page that is asked for without a session leads to where one signs in.
    if (answer.type === 'opaqueredirect' || answer.status === 401) return 'signed-out';
    if (answer.status >= 400 && answer.status < 500) return 'refused';
    if (answer.ok && answer.body !== null) await read(control, answer.body);
    return 'cut';
  } catch {
    return 'cut';
  } finally {
    document.removeEventListener('visibilitychange', leave);
  }
}

function addressOf({ dataset }: HTMLElement): URL {
  const address = new URL(dataset['address'] ?? '', location.href);
  address.searchParams.set('after', dataset['after'] ?? '');
  return address;
}

/** Of an event stream (HTML standard, 9.2.6) the ids, which say where to begin again, and that something came. */
async function read(control: HTMLElement, body: ReadableStream<BufferSource>): Promise<void> {
  let rest = '';
  const texts = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await texts.read(); !piece.done; piece = await texts.read()) {
    const lines = (rest + piece.value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('id: ')) control.dataset['after'] = line.slice('id: '.length);
    if (lines.some((line) => line.startsWith('data: '))) await changed(control);
  }
}

async function changed(control: HTMLElement): Promise<void> {
  const isThere = control.querySelector('[data-do="reload"]') !== null;
  const done = sessionStorage.getItem(CHOICE) !== null && (await drawAnew().catch(() => false));
  // What was said is not said again.
  if (!done && isThere) return;
  say(control, done ? 'refreshed' : 'news', { time: new Date().toLocaleTimeString(document.documentElement.lang) });
  for (const box of control.querySelectorAll<HTMLInputElement>('[data-do="by-itself"]'))
    box.checked = sessionStorage.getItem(CHOICE) !== null;
  if (done) await sleep(REST_MS);
}

/** Whether the page is as it is now. It is fetched as nobody's doing: the session idles on. */
async function drawAnew(): Promise<boolean> {
  const main = document.querySelector('main');
  if (main === null || isUsed(main)) return false;
  const answer = await fetch(location.href, { redirect: 'manual', headers: { accept: 'text/html', 'disclosure-unattended': 'true' } });
  if (!answer.ok) return false;
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main');
  if (next === null || isUsed(main)) return false;
  main.replaceChildren(...next.childNodes);
  return true;
}

/** Whether somebody has his cursor in it, marked something, or typed what is not sent. */
function isUsed(main: HTMLElement): boolean {
  if (main.contains(document.activeElement)) return true;
  const selection = getSelection();
  if (selection !== null && !selection.isCollapsed) return true;
  const isTyped = (field: HTMLInputElement): boolean => field.value !== field.defaultValue;
  const isChosen = (option: HTMLOptionElement): boolean => option.selected !== option.defaultSelected;
  return (
    [...main.querySelectorAll('input')].some(isTyped) ||
    [...main.querySelectorAll('select')].some((select) => select.querySelector('[selected]') !== null && [...select.options].some(isChosen))
  );
}

function chosen(target: EventTarget | null): void {
  if (!(target instanceof HTMLElement)) return;
  if (target.dataset['do'] === 'reload') return location.reload();
  if (target.dataset['do'] !== 'by-itself' || !(target instanceof HTMLInputElement)) return;
  if (target.checked) sessionStorage.setItem(CHOICE, 'true');
  else sessionStorage.removeItem(CHOICE);
}
