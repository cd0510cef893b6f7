/** Of an answer that never changes at its address, and that anybody may have. */
export const FOR_EVER = 'public, max-age=31536000, immutable';
