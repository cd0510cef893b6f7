/**
 * A pack that is chosen or dropped is verified in a worker: the page stays quick, and whatever the pack does to the
 * worker, the page can end it.
 */
import { visible, visibleJson } from '../../encoding/visible-text.js';
import type { Verification } from '../../verifier/verify-pack.js';
import { controls, onFile, partOf, say, type Slots } from './controls.js';
import type { PackAnswer, PackQuestion } from './pack/exchange.js';

/** Larger ones are for the command, which is faster and tells the browser's memory nothing. */
const MOST_BYTES = 50_000_000;

for (const control of controls('pack')) verifyIn(control);

function verifyIn(control: HTMLElement): void {
  const input = control.querySelector<HTMLInputElement>('input[type="file"]');
  const progress = control.querySelector('progress');
  const cancel = control.querySelector<HTMLButtonElement>('[data-cancel]');
  const running = control.querySelector<HTMLElement>('[data-running]');
  const result = control.querySelector<HTMLElement>('[data-result]');
  if (input === null || progress === null || cancel === null || running === null || result === null) return;
  let worker: Worker | null = null;
  const end = (): void => {
    worker?.terminate();
    worker = null;
    running.hidden = true;
  };
  const show = (part: string, slots: Slots = {}): void => {
    end();
    say(control, part, slots);
  };
  const verify = (file: File): void => {
    end();
    result.replaceChildren();
    if (file.size > MOST_BYTES) return show('large', { name: visible(file.name) });
    say(control, 'working', { name: visible(file.name) });
    running.hidden = false;
    progress.max = Math.max(1, file.size);
    progress.value = 0;
    worker = startWorker();
    worker.addEventListener('message', ({ data }: MessageEvent<PackAnswer>) => {
      if (data.kind === 'read') progress.value = data.bytes;
      else if (data.kind === 'refused') show('refused', { why: visible(data.why) });
      else {
        show(data.found.holds ? 'holds' : 'holds-not', { file: visible(data.found.file) });
        result.replaceChildren(resultOf(control, data.found));
      }
    });
    worker.addEventListener('error', ({ message }) => show('failed', { why: visible(message ?? '') }));
    worker.postMessage(questionOf(control, file));
  };
  onFile(control, input, (file) => {
    verify(file);
    // So that the same file can be chosen again, with other keys.
    input.value = '';
  });
  cancel.addEventListener('click', () => {
    show('cancelled');
    input.focus();
  });
}

function startWorker(): Worker {
  const address = document.querySelector<HTMLMetaElement>('meta[name="worker-packWorker"]')?.content ?? '';
  return new Worker(address, { type: 'module' });
}

function questionOf(control: HTMLElement, file: File): PackQuestion {
  const typed = (name: string): string => control.querySelector<HTMLTextAreaElement>(`textarea[name="${name}"]`)?.value ?? '';
  const kept = typed('previous').replaceAll('\r\n', '\n').trim();
  return { file, keys: typed('keys'), witnesses: typed('witnesses'), previousCheckpoint: kept === '' ? '' : `${kept}\n` };
}

/** What the command prints, in the places of the page. */
function resultOf(control: HTMLElement, found: Verification): DocumentFragment {
  const { signed, witnessed, tables, cut, keys } = found;
  const result = partOf(control, 'result', {
    origin: visible(found.origin ?? '–'),
    cut: cut === null ? '*' : `${cut.agency ?? '*'} ${cut.year ?? '*'}`,
    size: found.size,
    root: found.root,
    events: found.events,
    signed: visible(signed === null ? '–' : `${signed.size}: ${signed.by.join(', ')}`),
    checkpoints: found.checkpoints,
    witnessed: visible(witnessed === null ? '–' : `${witnessed.size}: ${witnessed.cosignedBy.join(', ')}`),
    keys: visible(keys.given.join(', ') || '–'),
    live: tables.live,
    paper: tables.paper,
    published: tables.published,
    cells: found.cells,
    json: visibleJson(JSON.stringify(found, null, 2)),
  });
  const put = (list: string, parts: readonly DocumentFragment[]): void => result.querySelector(`[data-list="${list}"]`)?.append(...parts);
  put(
    'signOffs',
    found.signOffs.map(({ agency, year, index, steps }) =>
      partOf(control, 'signOff', {
        of: `${agency} ${year}, index ${index}`,
        steps: visible(
          steps.map(({ type, step, attestation }) => `${type}${step === undefined ? '' : ` ${step}`}: ${attestation}`).join('; '),
        ),
      }),
    ),
  );
  const rows = found.findings.map(({ rule, severity, where, message }) =>
    partOf(control, severity, { rule, where: visible(where), message: visible(message) }),
  );
  const more = Object.entries(found.more).map(([rule, count]) => partOf(control, 'more', { rule, count }));
  if (rows.length === 0) result.querySelector('[data-findings]')?.remove();
  put('findings', [...rows, ...more]);
  put(
    'notVerified',
    found.notVerified.map((line) => partOf(control, 'unchecked', { line: visible(line) })),
  );
  return result;
}
