/** Questions about open applications, and who asked for sealed texts. */
import type { CaseRef } from '../../domain/identifiers.js';
import { readCaseRef } from '../../read-models/cases/case-ref.js';
import { After, AsOf } from './common.js';
import { Parameter } from './parameter.js';

const refOf = (name: string | undefined): CaseRef | undefined => (name === undefined ? undefined : readCaseRef(name));

export class DeadlinesParameters {
  @Parameter({ description: 'the state at the end of this day, YYYY-MM-DD; today in Asia/Shanghai without it' })
  readonly on?: string;

  @Parameter({ description: 'only this application, explained day by day', example: 'application/2021-0001' })
  readonly case?: string;

  @AsOf('what was known then: position of a receipt, index:N, RFC 3339 time or date')
  readonly asOf?: string;

  @After()
  readonly after?: string;

  /** Errors: `unknown-case`. */
  get ref(): CaseRef | undefined {
    return refOf(this.case);
  }
}

export class AccessesParameters {
  @Parameter({ example: 'application/2017-0001' })
  readonly case?: string;

  /** Errors: `unknown-case`. */
  get ref(): CaseRef | undefined {
    return refOf(this.case);
  }
}
