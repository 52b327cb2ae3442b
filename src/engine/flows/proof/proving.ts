import type { Splitting } from '../change/index.ts'
import type { Meaning } from '../repeat/index.ts'
import type { Session } from '../session/index.ts'
import type { Starting } from './baseline.ts'

/** The parts of a session that judging a change uses. They run, read and record; they write nothing to the repository. */
export type Proving = Starting &
  Splitting &
  Meaning &
  Pick<Session, 'doubts' | 'id' | 'named' | 'namesPath' | 'syntax' | 'words'>
