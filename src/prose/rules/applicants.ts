/** Who applied: the columns of part three. */

export interface ApplicantWords {
  readonly columns: readonly string[];
  readonly words: RegExp;
  readonly examples: readonly string[];
}

export const ALL_APPLICANTS = ['natural-person', 'business', 'research', 'public-welfare', 'legal-service', 'other'] as const;

export const APPLICANTS: readonly ApplicantWords[] = [
  { columns: ['natural-person'], words: /自然人|公民(?!、)|个人(?!隐私|信息)/, examples: ['自然人〔3493件〕', '公民申请〔2件〕'] },
  {
    columns: ['business', 'research', 'public-welfare', 'legal-service', 'other'],
    words: /法人(?:[和或及与、]其[他它]组织|及组织)?|法人单位/,
    examples: ['法人或其他组织〔114件〕', '法人〔8件〕'],
  },
  { columns: ['business'], words: /商业企业|企业/, examples: ['商业企业〔3件〕'] },
  { columns: ['research'], words: /科研机构/, examples: ['科研机构〔0件〕'] },
  { columns: ['public-welfare'], words: /社会公益组织|公益组织/, examples: ['社会公益组织〔4件〕'] },
  { columns: ['legal-service'], words: /法律服务机构|律师事务所/, examples: ['法律服务机构〔五件〕'] },
];
