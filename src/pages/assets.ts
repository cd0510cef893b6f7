/**
 * What the pages load: files of the build under names that hold their digest, so that each may be kept for ever and a
 * new build is seen at once.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { builtFile } from '../config/package-files.js';

export interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** Every file of them; the scripts are those of src/pages/script. */
const FILES = {
  style: { name: 'style', ending: 'css', type: 'text/css; charset=utf-8' },
  icon: { name: 'icon', ending: 'svg', type: 'image/svg+xml' },
  page: { name: 'page', ending: 'js', type: JAVASCRIPT },
  ledger: { name: 'ledger', ending: 'js', type: JAVASCRIPT },
} as const;

type Name = keyof typeof FILES;

export class Assets {
  readonly #found = new Map<string, Asset>();
  readonly #addresses = new Map<Name, string>();

  /** Reads them once. Errors: throws where they were not built. */
  constructor() {
    for (const file of ['style', 'icon', 'page', 'ledger'] as const) this.#read(file);
  }

  #read(file: Name): void {
    const { name, ending, type } = FILES[file];
    const bytes = readFileSync(builtFile(`pages/assets/${name}.${ending}`));
    const hashed = `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.${ending}`;
    this.#found.set(hashed, { type, bytes });
    this.#addresses.set(file, `/assets/${hashed}`);
  }

  /** For pages. */
  addressOf(file: Name): string {
    return this.#addresses.get(file) ?? '';
  }

  /** By the last part of its address. */
  find(name: string): Asset | undefined {
    return this.#found.get(name);
  }
}
