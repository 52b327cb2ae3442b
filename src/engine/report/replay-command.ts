import { recordedIncludes } from '../core/bundle/index.ts'
import type { ProofView } from '../model/proof-view.ts'

/** What a reader types to run a proof again, with the includes that it needs. */
export function replayCommand({ commit, session, files }: Pick<ProofView, 'commit' | 'session' | 'files'>): string {
  const includes = recordedIncludes(files).map((path) => ` --include ${path}`)
  return `git pp replay ${commit === null ? 'DIRECTORY' : session}${includes.join('')}`
}

/** Null if nothing was beside the tree. */
export function installHint({ files }: Pick<ProofView, 'files'>): string | null {
  return recordedIncludes(files).length === 0
    ? null
    : 'The proof says that the runs used these included files, which git does not track. Install the dependencies in your checkout first.'
}
