import { runInNewContext } from 'node:vm';
import { causeOf, codeOf, isObject, membersOf, messageOf, sure } from '../../src/encoding/unknown-values.js';

test('errors of other realms keep their message', () => {
  // An error of another realm keeps its message; what is no error is told as it is.
  const foreign: unknown = runInNewContext('Object.assign(new Error("gone", { cause: 7 }), { code: "ENOENT" })');
  expect([messageOf(foreign), codeOf(foreign), causeOf(foreign)]).toEqual(['gone', 'ENOENT', 7]);
  expect([messageOf('gone'), codeOf(null), causeOf(undefined)]).toEqual(['gone', undefined, undefined]);
  expect(codeOf({ code: 5 })).toBeUndefined();
});

test('an object is neither a list nor null', () => {
  expect([{}, [], null, 'text', undefined].map(isObject)).toEqual([true, false, false, false, false]);
  expect([membersOf({ a: 1 }), membersOf([1]), membersOf(null)]).toEqual([{ a: 1 }, {}, {}]);
});

test('zero and empty text pass, absent values fail', () => {
  // What must be there is given back, zero and the empty text too, and nothing else passes.
  expect([sure(0), sure('')]).toEqual([0, '']);
  expect(() => sure([1][1])).toThrow();
  expect(() => sure(new Map([['a', null]]).get('a'))).toThrow();
});
