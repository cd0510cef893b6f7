/**
 * The class that validates the data of each type of message. Each is entered where it stands, under its type. The
 * compiler holds every class against what the domain says of its type, field by field: see `Differing` at the end.
 */
import type { ActType, DataByType } from '../../domain/acts.js';
import { AGENCY_CLASSES } from './agency.messages.js';
import { APPLICATION_CLASSES, REMEDY_CLASSES } from './application.messages.js';
import { CALENDAR_CLASSES } from './calendar.messages.js';
import { OTHER_CLASSES } from './other.messages.js';
import { PUBLICATION_CLASSES } from './publication.messages.js';
import { REPORT_CLASSES } from './report.messages.js';

export const DATA_CLASSES = {
  ...AGENCY_CLASSES,
  ...PUBLICATION_CLASSES,
  ...APPLICATION_CLASSES,
  ...REMEDY_CLASSES,
  ...OTHER_CLASSES,
  ...CALENDAR_CLASSES,
  ...REPORT_CLASSES,
} as const satisfies { readonly [T in ActType]: new () => DataByType[T] };

/** A type as JSON has it, all of it read-only: in this form a class and an interface of the same fields are one. */
type Plain<D> = D extends readonly (infer E)[] ? readonly Plain<E>[] : D extends object ? { readonly [K in keyof D]: Plain<D[K]> } : D;

type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;

/**
 * Types whose class has other fields than the domain's interface, or other values in one; none, or this file does not
 * compile.
 */
type Differing = {
  [T in ActType]: Same<Plain<InstanceType<(typeof DATA_CLASSES)[T]>>, Plain<DataByType[T]>> extends true ? never : T;
}[ActType];
type None<T extends never> = T;
export type NoneDiffers = None<Differing>;
