/** What a list that has no pages gives at most, newest first. */
export const LIST_LIMIT = 1000;
