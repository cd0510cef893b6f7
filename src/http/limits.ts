/** Messages of an array at most. */
export const MAX_BATCH = 500;
