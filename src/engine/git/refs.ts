import { shellWord } from '../model/command.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { Refs, RefUpdate } from '../ports/repository.ts'
import type { GitContext } from './git-context.ts'
import type { GitProgram } from './run-git.ts'

export function refs(gitContext: GitContext): Refs {
  return {
    list: (prefix) => listRefs(gitContext.user, prefix),
    async update(updates) {
      const refusal = await gitContext.refs.attempt(updates)
      if (refusal === null) return
      await explainBlock(gitContext, updates)
      throw new PpError('GIT_FAILED', `git did not write the refs: ${refusal}`)
    },
    async point(name, to) {
      if (!/^[A-Z][A-Z_]*_HEAD$/.test(name))
        throw new PpError('INTERNAL', `this is not the name of a pseudo-ref: ${name}`)
      const refusal = await gitContext.refs.attempt([{ ref: name, to }])
      if (refusal !== null) throw new PpError('GIT_FAILED', `git did not write ${name}: ${refusal}`)
    },
  }
}

export async function listRefs(git: GitProgram, prefix: string): Promise<ReadonlyMap<string, Oid>> {
  const text = await git.text(['for-each-ref', '--format=%(objectname) %(refname)', prefix])
  const lines = text === '' ? [] : text.split('\n')
  return new Map(lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]))
}

/** Throws a clear error if a ref is in the way (`refs/notes/pp` where `refs/notes/pp/bundles` has to go, or the reverse). */
export async function explainBlock(gitContext: GitContext, updates: readonly RefUpdate[]): Promise<void> {
  const present = [...(await listRefs(gitContext.user, 'refs/')).keys()]
  for (const { ref, to } of updates) {
    const blocker = present.find((name) => ref.startsWith(`${name}/`) || name.startsWith(`${ref}/`))
    if (to === null || blocker === undefined) continue
    const here = shellWord(blocker)
    const there = shellWord(blocker.replace(/^refs\/(notes\/)?/, 'refs/$1old-'))
    const mend = `git update-ref ${there} ${here} && git update-ref -d ${here}`
    throw new PpError(
      'GIT_FAILED',
      `git pp needs the ref ${ref}, but the ref ${blocker} is in the way; move that: ${mend}`,
      { mend },
    )
  }
}
