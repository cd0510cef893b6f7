/** What the thread of a large import is begun with: the files, `-` being its own standard input. */
export interface Begun {
  readonly files: readonly string[];
}
