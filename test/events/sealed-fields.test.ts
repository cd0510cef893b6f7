/** Every text that people write about a case with a key is sealed, or stays clear for a reason that is written here. */
import { getMetadataStorage } from 'class-validator';
import { ACT_TYPES, kindOf } from '../../src/events/catalog.js';
import { type ActType, SEALED_FIELDS } from '../../src/domain/acts.js';
import { isSealedKind, mergeSealed, splitSealed } from '../../src/events/sealed-fields.js';
import { DATA_CLASSES } from '../../src/intake/messages/data-classes.js';
import { Applicant } from '../../src/intake/messages/application.messages.js';
import { MessageName } from '../../src/intake/messages/other.messages.js';

type Fields = Readonly<Record<string, string>>;

const STEP = 'names a step of the agency’s own chain';
const OFFICER = 'an officer of the agency acts under his name';
/** Texts that are stored clear on purpose, and why. */
const CLEAR: Partial<Record<ActType, Fields>> = {
  'publication.drafted': { category: 'a class of the agency’s catalogue, not a word about the item' },
  'publication.released': { url: 'where the public reads it' },
  'publication.cleared': { step: STEP },
  'application.cleared': { step: STEP },
  'application.extended': { approvedBy: OFFICER },
  'application.fee-charged': { basis: 'the tariff that a charge rests on' },
  'record.voided': {
    'message.id': 'identifiers are public: the intake refuses identity numbers in them',
    'message.source': 'names a system',
    approvedBy: OFFICER,
  },
  'record.erased': { reason: 'why something was erased must outlive it', approvedBy: OFFICER },
};

/** Fields of a class that take a text of the sender's own words, by their validators; nested ones as `object.field`. */
function textsOf(type: new () => object): string[] {
  const found = getMetadataStorage()
    .getTargetValidationMetadatas(type, '', false, false)
    .filter(({ name }) => name === 'text' || name === 'word' || name === 'url')
    .map(({ propertyName }) => propertyName);
  return [...new Set(found)];
}

const NESTED: Readonly<Record<string, readonly (readonly [string, new () => object])[]>> = {
  'application.received': [['applicant', Applicant]],
  'record.voided': [['message', MessageName]],
};

function allTexts(type: ActType): string[] {
  const nested = (NESTED[type] ?? []).flatMap(([name, of]) => textsOf(of).map((field) => `${name}.${field}`));
  return [...textsOf(DATA_CLASSES[type]), ...nested];
}

const CONCERNED = ACT_TYPES.filter((type) => isSealedKind(kindOf(type)) || type.startsWith('record.'));

test.each(CONCERNED)('every text of %s is sealed, or clear for a reason', (type) => {
  const sealed = new Map<string, readonly string[]>(Object.entries(SEALED_FIELDS)).get(type) ?? [];
  const clear = Object.keys(CLEAR[type] ?? {});
  expect([...sealed, ...clear].sort()).toEqual(allTexts(type).sort());
});

test('nothing is sealed of other kinds, and every nested class is looked into', () => {
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

  test('data are what they were; nothing sealed stays behind', () => {
    const { clear, sealed } = splitSealed('application.received', 'application', received);
    expect(clear).toEqual({ channel: 'letter', applicant: { kind: 'business' } });
    expect(sealed).toEqual({ applicant: { name: '张某', contact: '某路' }, request: '预算' });
    expect(mergeSealed(clear, sealed ?? {})).toEqual(received);
    expect(received.applicant).toEqual({ kind: 'business', name: '张某', contact: '某路' });
  });

  test('without such fields, or on another kind, nothing is taken', () => {
    const bare = { channel: 'letter', applicant: { kind: 'business' } };
    expect(splitSealed('application.received', 'application', bare)).toEqual({ clear: bare, sealed: null });
    expect(splitSealed('record.voided', 'meeting', { reason: '错' })).toEqual({ clear: { reason: '错' }, sealed: null });
    expect(splitSealed('record.voided', 'complaint', { reason: '错' })).toEqual({ clear: {}, sealed: { reason: '错' } });
  });
});
