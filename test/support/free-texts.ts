/**
 * Every text of a message is a name with its rule or free, and of the sealed kinds sealed or clear: each on purpose.
 * Here stand those that are free, and those that are clear with the reason.
 */
import { getMetadataStorage } from 'class-validator';
import { SEALED_FIELDS, type ActType } from '../../src/domain/acts.js';
import { kindOf } from '../../src/events/catalog.js';
import { isSealedKind } from '../../src/events/sealed-fields.js';
import { Applicant } from '../../src/intake/messages/application.messages.js';
import { DATA_CLASSES } from '../../src/intake/messages/data-classes.js';
import { MessageName } from '../../src/intake/messages/other.messages.js';
import { dataFields } from './sample-messages.js';

/**
 * Texts that name nobody: what they hold is told, not compared. Whoever adds a field decides whether it belongs here or
 * is a name.
 */
export const FREE: readonly string[] = [
  ...['name', 'contact', 'idNumber', 'request', 'reason', 'opinion', 'note', 'title', 'topic', 'place', 'evidence', 'notice', 'basis'],
  ...[
    'documentNumber',
    'indexNumber',
    'caseNumber',
    'category',
    'court',
    'form',
    'forms',
    'cell',
    'cells',
    'value',
    'rule',
    'id',
    'source',
    'issuer',
    'subject',
  ],
];

export const lastOf = (path: string): string => path.split('.').findLast((part) => part !== '0') ?? '';

/** Paths of the texts of a type that no rule of names holds. */
export function freeTexts(type: ActType): string[] {
  return dataFields(type)
    .filter(({ rules }) => (rules.has('text') || rules.has('word')) && !rules.has('person') && !rules.has('office'))
    .map(({ path }) => path);
}

/** Those of them that nobody said are free. */
export function unplacedTexts(type: ActType): string[] {
  return freeTexts(type).filter((path) => !FREE.includes(lastOf(path)));
}

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
  'report.compiled': { form: 'names a form', reason: 'why a published table is restated is public' },
  'report.text-drafted': { form: 'names a form' },
  'report.text-revised': { form: 'names a form' },
  'report.cleared': { step: STEP, opinion: 'on a table of figures, which names nobody; version 1 had it clear' },
  'report.published': { url: 'where the public reads it' },
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

/** Classes within those of a message of a sealed kind. */
export const NESTED: Readonly<Record<string, readonly (readonly [string, new () => object])[]>> = {
  'application.received': [['applicant', Applicant]],
  'record.voided': [['message', MessageName]],
};

export function allTexts(type: ActType): string[] {
  const nested = (NESTED[type] ?? []).flatMap(([name, of]) => textsOf(of).map((field) => `${name}.${field}`));
  return [...textsOf(DATA_CLASSES[type]), ...nested];
}

/** Types whose texts may be personal: those of sealed kinds, and those on any case. */
export function isConcerned(type: ActType): boolean {
  return isSealedKind(kindOf(type)) || type.startsWith('record.');
}

/** Texts of a type that are sealed, or clear for a reason. */
export function sealedOrClear(type: ActType): string[] {
  const sealed = new Map<string, readonly string[]>(Object.entries(SEALED_FIELDS)).get(type) ?? [];
  return [...sealed, ...Object.keys(CLEAR[type] ?? {})];
}
