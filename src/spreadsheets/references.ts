/**
 * Texts of a mapping with references in braces: `{number}-released`, `{officer|actor}` for the first that is not blank,
 * `{channel|'website'}` for a text where all are, `{releasedOn.day}` for a part of a value.
 */
import { nearest } from '../intake/nearest.js';
import { MappingProblem } from './mapping-problem.js';
import type { Value } from './values.js';

/** By name: columns of a row, constants, and what the row is besides. */
export type Row = (name: string) => Value;

/** Fills a text for a row: of a single reference its value as it is; null where a reference is blank. */
export type Filled = (row: Row) => Value;

const PARTS = {
  /** The day of a time. */
  day: (text: string) => text.slice(0, 10),
  year: (text: string) => text.slice(0, 4),
  /** Enough of a hash to tell rows apart. */
  short: (text: string) => text.replace(/^sha256:/, '').slice(0, 16),
} as const;
type Part = keyof typeof PARTS;

const REFERENCE = /\{([^{}]*)\}/g;

/** `known`: the names there are. Errors: `MappingProblem`, with `where` the text stands. */
export function filling(text: string, known: readonly string[], where: string): Filled {
  const pieces: (string | Filled)[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push(alternatives(match[1] ?? '', known, where));
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  const rest = pieces.filter((piece) => typeof piece === 'string').join('');
  if (/[{}]/.test(rest)) throw new MappingProblem('bad-mapping', `${where}: a brace is not closed in ${text}`, 'Write {name}.');
  const [only] = pieces;
  if (pieces.length === 1 && typeof only === 'function') return only;
  return (row) => joined(pieces, row);
}

function joined(pieces: readonly (string | Filled)[], row: Row): string | null {
  let text = '';
  for (const piece of pieces) {
    const value = typeof piece === 'string' ? piece : piece(row);
    if (value === null || typeof value === 'object') return null;
    text += String(value);
  }
  return text;
}

function alternatives(reference: string, known: readonly string[], where: string): Filled {
  const all = reference.split('|').map((name) => one(name.trim(), known, where));
  return (row) => {
    for (const fill of all) {
      const value = fill(row);
      if (value !== null) return value;
    }
    return null;
  };
}

function one(reference: string, known: readonly string[], where: string): Filled {
  const literal = /^'([^']*)'$/.exec(reference)?.[1];
  if (literal !== undefined) return () => literal;
  const [name = '', part] = reference.split('.');
  if (!known.includes(name)) {
    const near = nearest(name, known);
    throw new MappingProblem(
      'bad-mapping',
      `${where}: there is no column or constant ${name}`,
      near === null ? `There are: ${known.join(', ')}.` : `The nearest is ${near}.`,
    );
  }
  if (part === undefined) return (row) => row(name);
  if (!isPart(part))
    throw new MappingProblem('bad-mapping', `${where}: {${reference}} names no part`, `Parts are ${Object.keys(PARTS).join(', ')}.`);
  return (row) => {
    const value = row(name);
    return typeof value === 'string' ? PARTS[part](value) : null;
  };
}

function isPart(name: string): name is Part {
  return Object.hasOwn(PARTS, name);
}
