/**
 * What a trail remarks on an entry or on its case, by a stable code. docs/contract/findings.md is printed from this
 * table.
 */
export const REMARKS = {
  'without-review': 'The act was done under an empty chain: nobody reviewed it.',
  voided: 'The act was taken back; the message names by what.',
  void: 'The entry takes back another act.',
  returned: 'A step asked for another version.',
  'recorded-out-of-order': 'It was recorded after an act that happened later.',
  'role-ended-earlier': 'The role of the signer was ended with an earlier date afterwards.',
  'doubtful-name': 'A name in it is spelled so that one person may look like two.',
  'id-reused': 'Its message id was used in another case before: it counts nothing.',
  missing: 'What the case waits for.',
  accessed: 'How often the sealed texts of the case were asked for.',
  erased: 'The sealed texts of the case were destroyed.',
} as const;

export type RemarkCode = keyof typeof REMARKS;
