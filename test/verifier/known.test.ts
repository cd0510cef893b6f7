/**
 * What the verifier knows by digest is what this program puts into packs: whoever changes a form or the calendars adds
 * a line to known.ts.
 */
import { canonicalJson, sha256 } from '../../src/encoding/canonical-json.js';
import { packCalendars, packForms, packRules } from '../../src/audit/pack/contents.js';
import { POLICY } from '../../src/statistics/measures.js';
import { KNOWN_CALENDARS } from '../../src/verifier/known.js';
import { KNOWN_FORMS, KNOWN_RULES } from '../../src/verifier/known-digests.js';

test('the built-in calendars', () => {
  const calendars = packCalendars();
  expect(KNOWN_CALENDARS[calendars.version]).toBe(sha256(canonicalJson(calendars)));
});

test.each(packForms())('$name', ({ name, form }) => {
  expect(KNOWN_FORMS[name.slice('forms/'.length, -'.json'.length)]).toContain(sha256(canonicalJson(form)));
});

test('the rules of findings', () => {
  expect(KNOWN_RULES[POLICY]).toContain(sha256(canonicalJson(packRules())));
});
