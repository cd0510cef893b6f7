/**
 * Reports in traditional print (收到申請, 予以公開, 萬元) as the rules of words read them. The characters are those of OpenCC,
 * whose table is kept by others and small, and has also the variants 衆 and 綫. One character is read at a time: places
 * in a text stay what they were, and names within it are not put into other words.
 */
import { Converter } from 'opencc-js/t2cn';

let converter: ((text: string) => string) | null = null;

/** Made at the first text: its tables take longer than a command that reads none. */
function simplify(text: string): string {
  converter ??= Converter({ from: 't', to: 'cn' });
  return converter(text);
}

/** The same in simplified characters, one for one: a text without traditional ones is as it was. */
export function simplified(text: string): string {
  return text.replace(/\p{Script=Han}/gu, simplifiedCharacter);
}

const known = new Map<string, string>();

/** Remembered, as a report repeats itself. A character of another length would move what stands behind it. */
function simplifiedCharacter(character: string): string {
  const before = known.get(character);
  if (before !== undefined) return before;
  const found = simplify(character);
  const kept = found.length === character.length ? found : character;
  known.set(character, kept);
  return kept;
}
