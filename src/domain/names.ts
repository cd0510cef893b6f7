/**
 * Names of persons, roles, steps, units and parties. Two spellings that look alike would be two persons to every rule
 * of clearance: so a name has one spelling, and no new message may bring another. Letter case and look-alike letters of
 * other scripts do make different names.
 */

/**
 * Who acts, approves or administers; or a role, a step, a unit, a party, which may also be written with full-width
 * punctuation.
 */
export type NameKind = 'person' | 'office';

/** Full-width punctuation and symbols that may stand in names of offices: `政策法规科（行政审批科）`. */
const FULL_WIDTH = /[\uff01-\uff0f\uff1a-\uff20\u3001-\u303f]/u;
/** The same without what is a letter, digit or mark and has another form of its own, such as 〸. */
const PUNCTUATION = /(?![\p{L}\p{N}\p{M}])[\uff01-\uff0f\uff1a-\uff20\u3001-\u303f]/u;
const PUNCTUATION_KEPT = new RegExp(`(${PUNCTUATION.source})`, 'u');
/**
 * Controls, formats, what is not assigned, and every blank but U+0020; what shows nothing though it is called a letter,
 * mark or symbol.
 */
const UNSEEN = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;
const UNSEEN_ANYWHERE = new RegExp(UNSEEN, 'gu');
/** Of these, what takes no place: the rest stood for a blank. */
const IGNORABLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const BLANKS = /[\s\u2800]+/gu;
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

/** Nearly every name: letters that nothing changes, single blanks. What this does not take is looked at closely. */
const PLAIN = /^[!-~\u4e00-\u9fff]+(?: [!-~\u4e00-\u9fff]+)*$/;
const PLAIN_LETTER = /[0-9A-Za-z\u4e00-\u9fff]/;

/** Whether a name has the one spelling it may have. */
export function isSoundName(name: string, kind: NameKind): boolean {
  if (PLAIN.test(name)) return PLAIN_LETTER.test(name);
  return wrongOf(name, kind) === null;
}

/**
 * What is wrong with the spelling of a name, and the spelling that would be right where one can be told; null where
 * nothing is. Without `quote` it is for a name that is sealed: nothing of it may be said.
 */
export function nameProblem(name: string, kind: NameKind, quote = true): string | null {
  const wrong = isSoundName(name, kind) ? null : wrongOf(name, kind);
  if (wrong === null || !quote) return wrong;
  const right = tidied(name, kind);
  return isSoundName(right, kind) && right !== name ? `${wrong}; write "${right}"` : wrong;
}

function wrongOf(name: string, kind: NameKind): string | null {
  if (UNSEEN.test(name)) return 'must hold no character that cannot be seen, and no blank but U+0020';
  if (name.startsWith(' ') || name.endsWith(' ')) return 'must have no blank at its ends';
  if (name.includes('  ')) return 'must have no two blanks in a row';
  if (!SAYS_SOMETHING.test(name)) return 'must have a letter or a digit';
  if (name !== name.normalize('NFC')) return 'must be in Unicode form NFC';
  if (kind === 'person' && FULL_WIDTH.test(name)) return 'must hold no full-width punctuation (a role, step, unit or party may)';
  if (!name.split(PUNCTUATION).every((part) => part === part.normalize('NFKC')))
    return 'must hold no full-width or other compatibility form of a character (Unicode form NFKC)';
  return null;
}

/**
 * The name without what may not stand in it, and of one form: what an office may keep of full-width punctuation is kept
 * for `office`.
 */
function tidied(name: string, kind: NameKind): string {
  const parts = kind === 'office' ? name.split(PUNCTUATION_KEPT) : [name];
  // Of a split the odd parts are what was split at.
  return parts
    .map((part, at) => (at % 2 === 1 ? part : part.normalize('NFKC')))
    .join('')
    .replace(IGNORABLE, '')
    .replace(BLANKS, ' ')
    .replace(UNSEEN_ANYWHERE, '')
    .trim();
}

/**
 * What a stored name is matched by: itself, or where it breaks the rule, as names from before it may, the name it has
 * when tidied.
 */
function spellings(stored: string, kind: NameKind): readonly string[] {
  if (isSoundName(stored, kind)) return [stored];
  const known = [tidied(stored, 'person'), ...(kind === 'office' ? [tidied(stored, 'office')] : [])];
  return [stored, ...known.filter((name) => name !== '')];
}

/**
 * Whether two names are one, for decisions alone: folds, figures and the check of sign-offs compare what is stored, so
 * that whatever was decided before stays as it was.
 */
export function isSameName(one: string, other: string, kind: NameKind): boolean {
  if (one === other) return true;
  const known = spellings(one, kind);
  return spellings(other, kind).some((name) => known.includes(name));
}

/** Of roles, steps, units and parties. */
export const isSameOffice = (one: string, other: string): boolean => isSameName(one, other, 'office');

export function isAmong(name: string, names: readonly string[], kind: NameKind): boolean {
  return names.some((other) => isSameName(name, other, kind));
}
