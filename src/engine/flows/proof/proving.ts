import type { Meaning } from '../repeat/index.ts'
import type { Session, Splitting } from '../session/index.ts'
import type { Starting } from './baseline.ts'

/** What judging a change uses: it runs, reads and notes down; it writes nothing to the repository. */
export type Proving = Starting & Splitting & Meaning & Pick<Session, 'id' | 'words'>
