/** Names of the refs and notes of this tool. */
export {
  fetchedFrom,
  NOTES,
  type NoteKind,
  notesRef,
  notesRefs,
  PP_HEAD,
  readSessionRef,
  refsOf,
  remoteNotesRef,
  remoteRef,
  TRAILER,
  TRANSFERRED_NOTES,
  trailer,
} from './session-refs.ts'
