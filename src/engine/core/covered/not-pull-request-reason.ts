/** What a kind of CI says about a job: the variable with the event, and its value for a pull request. */
const JOBS = [
  // Also set by Gitea and Forgejo.
  { ci: 'GITHUB_ACTIONS', event: 'GITHUB_EVENT_NAME', pull: 'pull_request', tag: ['GITHUB_REF_TYPE', 'tag'] },
  { ci: 'GITLAB_CI', event: 'CI_PIPELINE_SOURCE', pull: 'merge_request_event', tag: ['CI_COMMIT_TAG', null] },
] as const

/**
 * Why a job may not be skipped, because it does not test a pull request: what is on the default branch, tagged or released was
 * run there. Null: it does test one. `env`: the variables of the job.
 */
export function notPullRequestReason(env: Readonly<Record<string, string | undefined>>): string | null {
  const job = JOBS.find(({ ci }) => env[ci] === 'true')
  if (!job) return 'neither GITHUB_ACTIONS nor GITLAB_CI says that this is a job for a pull request'
  const { event, pull, tag } = job
  if (env[event] !== pull) return `${event} is ${env[event] ?? 'not set'}, and only jobs of ${pull} can be covered`
  const [name, value] = tag
  const said = env[name]
  return said !== undefined && (value === null || said === value) ? `${name} says that this job is for a tag` : null
}
