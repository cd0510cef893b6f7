/** Why a mapping is none, or does not fit what it is given. */
export type MappingCode =
  /** No JSON, or not as a mapping is written. */
  | 'bad-mapping'
  /** A constant that its messages need has no value. */
  | 'no-value';

export class MappingProblem extends Error {
  override readonly name = 'MappingProblem';
  constructor(
    readonly code: MappingCode,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}
