/** Sessions by a clock of the test: they idle, they end, and a provider's word bounds them. */
import { IDLE_MS, LONGEST_MS, Sessions } from '../../src/pages/session/sessions.js';

let now = 0;
const sessions = new Sessions(() => now);
const started = (expiresAt = Infinity): string => {
  now = 0;
  return sessions.start({ signedIn: { caller: { issuer: 'local', subject: 'one' }, expiresAt } });
};
const stands = (name: string, at: number): boolean => {
  now = at;
  return sessions.find(name) !== null;
};

test('a session that nobody uses ends', () => {
  const name = started();
  expect(stands(name, IDLE_MS)).toBe(true);
  // Looking at it has kept it.
  expect(stands(name, 2 * IDLE_MS)).toBe(true);
  expect(stands(name, 3 * IDLE_MS + 1)).toBe(false);
  // What ended does not begin again.
  expect(stands(name, 2 * IDLE_MS)).toBe(false);
});

test('what a page asks by itself keeps nobody', () => {
  const name = started();
  now = IDLE_MS;
  expect(sessions.find(name, { unattended: true })).not.toBeNull();
  expect(stands(name, IDLE_MS + 1)).toBe(false);
});

test('a busy session ends too', () => {
  const name = started();
  for (let at = 0; at <= LONGEST_MS; at += IDLE_MS) expect(stands(name, at)).toBe(true);
  expect(stands(name, LONGEST_MS + 1)).toBe(false);
});

test('a session ends with the token behind it', () => {
  const name = started(60_000);
  expect([stands(name, 59_999), stands(name, 60_000)]).toEqual([true, false]);
});

test('no two sessions have one name', () => {
  const names = new Set(Array.from({ length: 100 }, () => started()));
  expect(names.size).toBe(100);
  expect(sessions.find('')).toBeNull();
});
