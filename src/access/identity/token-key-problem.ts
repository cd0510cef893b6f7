/** The key of the local issuer cannot be used. */
export class TokenKeyProblem extends Error {
  override readonly name = 'TokenKeyProblem';
  constructor(
    readonly code: 'files-open' | 'keys-damaged',
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}
