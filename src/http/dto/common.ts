/** Parameters that many questions have, and the parts of addresses. */
import { IsBoolean, IsInt, IsOptional } from 'class-validator';
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

/** A yes or a no, and nothing else: `true` or `false`. */
export const YesOrNo =
  (description: string): PropertyDecorator =>
  (target, property) => {
    const name = String(property);
    Parameter({ type: 'boolean', description }, (text) => (text === 'true' || text === 'false' ? text === 'true' : text))(target, property);
    IsOptional()(target, property);
    IsBoolean(
      refusedAs((value) => `${name} is true or false, not "${String(value)}".`, {
        code: 'bad-parameter',
        hint: `Write ${name}=true, or leave it out.`,
      }),
    )(target, property);
  };

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

export const NO_YEAR = refusedAs((value) => `"${String(value)}" is no year.`, { code: 'bad-year', hint: 'Give a year of four digits.' });

/** The year an address names; which years there are is for the readers. */
export class YearPath extends AgencyPath {
  @Parameter({ type: 'integer', example: 2017 }, (text) => readYear(text) ?? text)
  @IsInt(NO_YEAR)
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
