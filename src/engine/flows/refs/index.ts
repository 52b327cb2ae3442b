/** Names of the refs and notes of this tool. */
export {
  CARRIED,
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
  trailer,
} from './refs.ts'
