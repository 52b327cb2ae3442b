/** The tree of a notes ref, read with bounds. */
export { type NoteEntry, type NotesTree, notesTree, repetitions, sameNote } from './notes-tree.ts'
