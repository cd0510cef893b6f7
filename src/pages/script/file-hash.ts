/**
 * Whether a file is the content that an act names by its hash. The file is read and hashed where it is: nothing of it
 * is sent anywhere.
 */
import { controls, onFile, partOf, say } from './controls.js';

const IN_THE_PAGE = '[data-content-hash]';

export function compareFiles(): void {
  for (const control of controls('file-hash')) compareIn(control);
}

function compareIn(control: HTMLElement): void {
  const input = control.querySelector<HTMLInputElement>('input[type="file"]');
  if (input === null) return;
  // A browser hashes on pages that nobody on the way can have changed: over TLS, and on the loopback.
  if (!isSecureContext) return control.replaceChildren(partOf(control, 'insecure'));
  onFile(control, input, (file) => void compare(control, file));
}

/** The last file that was chosen counts, however long the one before takes. */
let latest = 0;

async function compare(control: HTMLElement, file: File): Promise<void> {
  latest += 1;
  const turn = latest;
  mark(control, null);
  say(control, 'reading', { name: file.name });
  const hash = await hashOf(file).catch(() => null);
  if (turn !== latest) return;
  if (hash === null) return say(control, 'unreadable', { name: file.name });
  const same = mark(control, hash);
  say(control, same > 0 ? 'same' : 'other', { name: file.name, hash, count: same });
}

/** As acts write it. Errors: throws where the file cannot be read, or not as a whole. */
async function hashOf(file: File): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return `sha256:${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Marks beside each hash of the page whether it is this one; without one takes the marks away. Gives how many are. */
function mark(control: HTMLElement, hash: string | null): number {
  document.querySelectorAll('[data-mark]').forEach((old) => old.remove());
  const places = hash === null ? [] : [...document.querySelectorAll<HTMLElement>(IN_THE_PAGE)];
  const isSame = (place: HTMLElement): boolean => place.dataset['contentHash'] === hash;
  for (const place of places) place.after(partOf(control, isSame(place) ? 'mark-same' : 'mark-other'));
  return places.filter(isSame).length;
}
