/** A failure that passes from a thread of a command to the thread that began it. */
import type { ExitCode } from '../exit-codes.js';

/** Why a command failed, as it is told. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** Empty where there is none. */
  readonly hint: string;
  readonly exit: ExitCode;
}

export class FailedInThread extends Error {
  override readonly name = 'FailedInThread';

  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}
