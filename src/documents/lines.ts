/** Gathers the text of a document line by line: paragraphs are lines, rows of tables lines with bars. */
import { MAX_TEXT, tooLarge } from './problem.js';

export class Lines {
  readonly #lines: string[] = [];
  #line = '';
  #length = 0;

  /** Errors: `document-too-large`. */
  add(text: string): void {
    this.#length += text.length;
    if (this.#length > MAX_TEXT) throw tooLarge('its text is longer than a report is');
    this.#line += text;
  }

  /** Ends the line, where there is one. */
  end(): void {
    if (this.#line.trim() !== '') this.#lines.push(this.#line.trim());
    this.#line = '';
  }

  text(): string {
    this.end();
    return this.#lines.join('\n');
  }
}
