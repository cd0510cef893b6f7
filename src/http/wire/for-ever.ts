/** Of an answer that never changes at its address; who may keep it is said before it. */
export const FOR_EVER = 'max-age=31536000, immutable';
