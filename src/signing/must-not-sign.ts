/**
 * Signing would contradict what was signed before, or cannot be known not to. An operator must look; nothing is signed
 * until then.
 */
export class MustNotSign extends Error {
  override readonly name = 'MustNotSign';
}
