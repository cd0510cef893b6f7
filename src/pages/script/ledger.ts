/**
 * A proof that is pasted or chosen is checked here, by the sources that the service checks by and against the keys of
 * the ledger on the page. The service is asked as without script; what both say stands side by side.
 */
import { checkProofFile, proofText, type ProofChecked } from '../../ledger/proof-check.js';
import { parseVerifierKeys } from '../../ledger/signed-note.js';
import { controls, onFile, partOf } from './controls.js';

/** Longer is no proof: a file of one has a few KiB. */
const MOST_CHARACTERS = 1_000_000;

for (const control of controls('proof')) checkIn(control);

function checkIn(control: HTMLElement): void {
  const field = document.querySelector<HTMLTextAreaElement>('#proof');
  const input = control.querySelector<HTMLInputElement>('input[type="file"]');
  if (field === null || input === null) return;
  const take = async (file: File): Promise<void> => {
    field.value = await file.slice(0, MOST_CHARACTERS).text();
    check(control, field);
  };
  field.addEventListener('input', () => check(control, field));
  onFile(control, input, (file) => void take(file));
  check(control, field);
}

function check(control: HTMLElement, field: HTMLTextAreaElement): void {
  const status = control.querySelector('[role="status"]');
  if (field.value.trim() === '') return status?.replaceChildren();
  // The service was asked about the text that came with the page, not about what was typed since.
  const service = field.value === field.defaultValue ? (control.dataset['service'] ?? 'nothing') : 'nothing';
  status?.replaceChildren(...saidOf(control, field.value, service));
}

function saidOf(control: HTMLElement, text: string, service: string): DocumentFragment[] {
  const lines = document.querySelector('#keys')?.textContent ?? '';
  try {
    const keys = parseVerifierKeys(lines);
    const found = checkProofFile(proofText(text), keys.length === 0 ? null : keys);
    return [...partsOf(control, found, keys.length > 0), besides(control, found, service)];
  } catch {
    // An old browser lacks what the sources ask for; the service has said what it says.
    return [partOf(control, 'failed')];
  }
}

function partsOf(control: HTMLElement, found: ProofChecked, signed: boolean): DocumentFragment[] {
  if (!found.holds) return [partOf(control, 'wrong', { why: found.why })];
  const said = partOf(control, 'checked', { index: found.index, size: found.checkpoint.size });
  return [said, partOf(control, signed ? 'signed' : 'unsigned')];
}

function besides(control: HTMLElement, { holds }: ProofChecked, service: string): DocumentFragment {
  if (service === 'nothing') return partOf(control, 'service-nothing');
  return partOf(control, (service === 'holds') === holds ? 'service-agrees' : 'service-differs');
}
