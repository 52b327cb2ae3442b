import type { Meaning } from '../repeat/index.ts'
import type { Session, Splitting } from '../session/index.ts'
import type { Starting } from './baseline.ts'

/** The parts of a session that judging a change uses. They run, read and record; they write nothing to the repository. */
export type Proving = Starting & Splitting & Meaning & Pick<Session, 'id' | 'namesPath' | 'syntax' | 'words'>
