import type { Job, JobAuthor } from '../../model/job.ts'
import type { Oid } from '../../model/oid.ts'

/**
 * The text of the commit that a patch makes of its base. It follows from the job alone, so that all workers prove the same commit, and
 * the asking side knows it before.
 */
export function patchCommit({ base }: Pick<Job, 'base'>, by: JobAuthor, tree: Oid): string {
  const person = `${by.name} <${by.email}> ${by.at} +0000`
  const head = [`tree ${tree}`, `parent ${base}`, `author ${person}`, `committer ${person}`]
  return `${head.join('\n')}\n\ngit pp: a patch that workers proved\n`
}
