/** A source file with one place changed, and the modules around it loaded with it: what a mistake there would do. */
import { transformSync } from '@swc/core';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '../..');

export interface Change {
  /** Path in the project. */
  readonly file: string;
  /** Stands there once. */
  readonly from: string;
  readonly to: string;
}

export interface Changed {
  readonly file: string;
  readonly text: string;
  /** `file:line` of the change. */
  readonly place: string;
}

export function changedSource({ file, from, to }: Change): Changed {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`${file} holds ${from} ${parts.length - 1} times`);
  return { file, text: parts.join(to), place: `${file}:${(parts[0] ?? '').split('\n').length}` };
}

function compiled(text: string): string {
  return transformSync(text, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }).code;
}

/**
 * What a module exports where `changed` stands for its file; modules in its folder are loaded with it, others are those
 * of the test.
 */
export function loadWith<T>(entry: string, { file, text }: Changed): T {
  const folder = dirname(entry);
  const loaded = new Map<string, { readonly exports: object }>();
  const load = (path: string): object => {
    const known = loaded.get(path);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(path, module);
    const source = path === file ? text : readFileSync(join(ROOT, path), 'utf8');
    const requireFrom = (name: string): unknown => {
      const wanted = join(dirname(path), name).replace(/\.js$/, '.ts');
      const together = wanted === file || (wanted.startsWith(`${folder}/`) && existsSync(join(ROOT, wanted)));
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      return together ? load(wanted) : require(name.startsWith('.') ? relative(__dirname, join(ROOT, dirname(path), name)) : name);
    };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    new Function('require', 'module', 'exports', compiled(source))(requireFrom, module, module.exports);
    return module.exports;
  };
  return load(entry) as T;
}
