import type { Job } from '../../model/job.ts'
import type { Sha256 } from '../../model/oid.ts'
import { canonicalJson, sha256 } from '../bytes/index.ts'

/**
 * The digest of all that decides about the result of a job, and of nothing else: not of where the objects come from, and not of how
 * long it may take. Who reads a job or a result makes it anew from the content.
 */
export function jobKey(job: Job): Sha256 {
  const { repository: _from, timeout: _bound, deadline: _end, apart: _others, change, ...deciding } = job
  const what = 'patch' in change ? { ...change, patch: sha256(change.patch) } : change
  return sha256(canonicalJson({ ...deciding, change: what }))
}

/** The token of a subject that stands for a repository, on machines that are set up in one way. */
export function repositoryToken(url: string, environment: string | null | undefined): string {
  return sha256(environment === null || environment === undefined ? url : canonicalJson([url, environment])).slice(
    0,
    16,
  )
}

/** The queue of a job. */
export function queueOf({ repository, environment }: Pick<Job, 'repository' | 'environment'>): string {
  return repositoryToken(repository, environment)
}
