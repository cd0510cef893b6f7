/** Every text that people write about a case with a key is sealed, or stays clear for a reason that is written here. */
import { getMetadataStorage } from 'class-validator';
import { ACT_TYPES } from '../../src/events/catalog.js';
import { type ActType, SEALED_FIELDS } from '../../src/domain/acts.js';
import { mergeSealed, splitSealed } from '../../src/events/sealed-fields.js';
import { DATA_CLASSES } from '../../src/intake/messages/data-classes.js';
import { allTexts, isConcerned, NESTED, sealedOrClear } from '../support/free-texts.js';

const CONCERNED = ACT_TYPES.filter(isConcerned);

test.each(CONCERNED)('texts of %s are sealed or excused', (type) => {
  // Every text of … is sealed, or clear for a reason.
  expect(sealedOrClear(type).sort()).toEqual(allTexts(type).sort());
});

test('no other kind is sealed, nesting included', () => {
  // Nothing is sealed of other kinds, and every nested class is looked into.
  expect(Object.keys(SEALED_FIELDS).filter((type) => !CONCERNED.includes(type as ActType))).toEqual([]);
  const nested = ACT_TYPES.filter((type) =>
    getMetadataStorage()
      .getTargetValidationMetadatas(DATA_CLASSES[type], '', false, false)
      .some(({ name }) => name === 'object'),
  );
  expect(nested.filter((type) => CONCERNED.includes(type))).toEqual(Object.keys(NESTED));
});

describe('taking apart and putting together', () => {
  const received = { channel: 'letter', applicant: { kind: 'business', name: '张某', contact: '某路' }, request: '预算' };

  test('data come back, nothing sealed stays behind', () => {
    // Data are what they were; nothing sealed stays behind.
    const { clear, sealed } = splitSealed('application.received', 'application', received);
    expect(clear).toEqual({ channel: 'letter', applicant: { kind: 'business' } });
    expect(sealed).toEqual({ applicant: { name: '张某', contact: '某路' }, request: '预算' });
    expect(mergeSealed(clear, sealed ?? {})).toEqual(received);
    expect(received.applicant).toEqual({ kind: 'business', name: '张某', contact: '某路' });
  });

  test('without sealed fields nothing is taken', () => {
    // Without such fields, or on another kind, nothing is taken.
    const bare = { channel: 'letter', applicant: { kind: 'business' } };
    expect(splitSealed('application.received', 'application', bare)).toEqual({ clear: bare, sealed: null });
    expect(splitSealed('record.voided', 'meeting', { reason: '错' })).toEqual({ clear: { reason: '错' }, sealed: null });
    expect(splitSealed('record.voided', 'complaint', { reason: '错' })).toEqual({ clear: {}, sealed: { reason: '错' } });
  });
});
