/** Constants of a mapping that are given on the command line, too. */
export const GIVEN = ['agency', 'actor', 'source', 'year', 'on'] as const;
export type Given = (typeof GIVEN)[number];
