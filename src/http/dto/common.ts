/** Parameters that many questions have, and the parts of addresses. */
import { IsInt } from 'class-validator';
import type { CaseRef } from '../../domain/identifiers.js';
import { readCaseRef } from '../../read-models/cases/case-ref.js';
import { readYear } from '../../time/year.js';
import { Parameter, refusedAs } from './parameter.js';

/** The case that a parameter names. Errors: `unknown-case`. */
export const refOf = (name: string | undefined): CaseRef | undefined => (name === undefined ? undefined : readCaseRef(name));

/** Since when a question is answered. */
export const AsOf = (description = 'position of a receipt, index:N, RFC 3339 time or date'): PropertyDecorator =>
  Parameter({ description });

/** What the answer must hold. */
export const After = (): PropertyDecorator =>
  Parameter({ description: 'wait (at most 5 s) until this is counted: position of a receipt, or index:N' });

/** As of a moment, behind one. */
export class MomentParameters {
  @AsOf()
  readonly asOf?: string;

  @After()
  readonly after?: string;
}

export class AgencyPath {
  @Parameter({ example: '370828-commerce' })
  readonly agency!: string;
}

/** The year an address names; which years there are is for the readers. */
export class YearPath extends AgencyPath {
  @Parameter({ type: 'integer', example: 2017 }, (text) => readYear(text) ?? text)
  @IsInt(refusedAs((value) => `"${String(value)}" is no year.`, { code: 'bad-year', hint: 'Give a year of four digits.' }))
  readonly year!: number;
}

export class CellPath extends YearPath {
  @Parameter({ example: '1.1' })
  readonly cell!: string;
}

/** Errors of `ref`: `unknown-case`. */
export class CasePath extends AgencyPath {
  @Parameter({ example: 'publication' })
  readonly kind!: string;

  @Parameter({ example: '2017-0034' })
  readonly number!: string;

  get ref(): CaseRef {
    return readCaseRef(`${this.kind}/${this.number}`);
  }
}

/** The same of a case that may hold sealed texts. */
export class SealedCasePath extends AgencyPath {
  @Parameter({ example: 'application' })
  readonly kind!: string;

  @Parameter({ example: '2017-0001' })
  readonly number!: string;

  get ref(): CaseRef {
    return readCaseRef(`${this.kind}/${this.number}`);
  }
}
