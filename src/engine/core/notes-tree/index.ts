/** The tree of a notes ref, read with bounds. */

export { editedNotes } from './edited-notes.ts'
export { MAX_NOTE_BYTES } from './max-note.ts'
export { type NoteEntry, type NotesTree, notesTree, repetitionLimit, sameNote } from './notes-tree.ts'
