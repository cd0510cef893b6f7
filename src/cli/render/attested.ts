/** How far a name can be trusted, as text for people. */
const WORDS: Readonly<Record<string, string>> = {
  'own-token': '本人凭证 own-token',
  emitter: '来源系统凭证 emitter',
  none: '无凭证 none',
};

/** `attestation` as it stands in an act; one of a later time comes out as it is. */
export function attested(attestation: string): string {
  return WORDS[attestation] ?? attestation;
}
