/** In bytes. Anything larger is not read as a note. */
export const MAX_NOTE_BYTES = 16 << 20
