import { jobKey, patchCommit } from '../../core/jobs/index.ts'
import { readPatchLine } from '../../core/patch-lines/index.ts'
import { targetsOf } from '../../flows/base/index.ts'
import { policyOfTree } from '../../flows/policies/index.ts'
import { lastValueOf } from '../../git/index.ts'
import type { Command } from '../../model/command.ts'
import { PpError } from '../../model/error.ts'
import { type AskedJob, JOB_VERSION, type Job, JobAuthor, MAX_JOB_PATCH } from '../../model/job.ts'
import { isBare, strengthOf } from '../../model/kinds.ts'
import type { Oid } from '../../model/oid.ts'
import type { Caller, SessionOptions } from '../../model/options.ts'
import type { PatchVerdict } from '../../model/patch-verdict.ts'
import { type OpenRepository, readPolicy } from '../../wiring/index.ts'
import { fault, faultOf } from '../prove-patches.ts'

/** What is asked for all jobs of a call alike. */
export interface JobsAsked {
  readonly options: SessionOptions
  /** For jobs without one; null: the targets of the policy. */
  readonly command: string | readonly string[] | null
  /** The URL that workers fetch from; absent: that of the remote. */
  readonly repository?: string
  /** How the workers' machines have to be set up; absent: in any way. */
  readonly environment?: string
  /** In seconds. */
  readonly deadline?: number
}

/** The jobs of a call, and the lines that ask for nothing that can be asked for. */
export interface PlannedJobs {
  readonly jobs: readonly AskedJob[]
  readonly faults: readonly PatchVerdict[]
}

/** A job for each commit of a range, or for one commit. Throws USAGE. */
export async function planCommits(
  caller: Caller,
  { repository }: OpenRepository,
  asked: JobsAsked,
  change: string,
): Promise<PlannedJobs> {
  const { history } = repository
  const commits = await commitsIn(history, change)
  const url = repositoryUrl(caller, await repository.config(), asked.repository)
  const jobs: AskedJob[] = []
  for (const [at, commit] of commits.entries()) {
    const [base] = (await history.commit(commit)).parents
    if (base === undefined) throw new PpError('USAGE', `${commit} has no parent, so it cannot be proved by a worker`)
    jobs.push(await plan(caller, repository, asked, { id: commit, line: at + 1, base, change: { commit } }, url))
  }
  return { jobs, faults: [] }
}

async function commitsIn(history: OpenRepository['repository']['history'], change: string): Promise<readonly Oid[]> {
  const [, from, to] = /^(.+?)\.\.(.*)$/.exec(change) ?? []
  if (from === undefined) {
    const commit = await history.resolve(change)
    if (commit === null) throw new PpError('USAGE', `there is no commit ${change} in this repository`)
    return [commit]
  }
  const [start, end] = [await history.resolve(from), await history.resolve(to || 'HEAD')]
  const base = start && end ? await history.mergeBase(start, end) : null
  if (!base || !end) throw new PpError('USAGE', `there is no range ${change} in this repository`)
  const commits = await history.range(base, end)
  if (commits.length === 0) throw new PpError('USAGE', `the range ${change} contains no commit`)
  return commits
}

/** A job for each line of a file of patches; a line without a job has its answer at once. */
export async function planPatches(
  caller: Caller,
  { repository }: OpenRepository,
  asked: JobsAsked,
  lines: AsyncIterable<string>,
): Promise<PlannedJobs> {
  const url = repositoryUrl(caller, await repository.config(), asked.repository)
  const jobs: AskedJob[] = []
  const faults: PatchVerdict[] = []
  let line = 0
  for await (const text of lines) {
    line += 1
    if (text.trim() === '') continue
    const read = readPatchLine(text, line)
    const head = { id: read.id, line, seconds: 0 }
    if ('wrong' in read) {
      faults.push({ ...head, ...fault('USAGE', read.wrong) })
      continue
    }
    const command = read.command ?? asked.command
    try {
      const word = read.base ?? asked.options.base ?? 'HEAD'
      const base = await repository.history.resolve(word)
      if (base === null) throw new PpError('USAGE', `there is no commit ${word} in this repository`)
      const change = { patch: read.patch }
      jobs.push(await plan(caller, repository, { ...asked, command }, { id: read.id, line, base, change }, url))
    } catch (error) {
      faults.push({ ...head, ...faultOf(error) })
    }
  }
  return { jobs, faults }
}

interface OneChange {
  readonly id: string | null
  readonly line: number
  readonly base: Oid
  readonly change: { readonly commit: Oid } | { readonly patch: string }
}

async function plan(
  caller: Caller,
  repository: OpenRepository['repository'],
  { options, command: typed, environment, deadline }: JobsAsked,
  { id, line, base, change: asked }: OneChange,
  url: string,
): Promise<AskedJob> {
  const { history, objects, place } = repository
  const { tree: baseTree, at } = await history.commit(base)
  const command = commandOf(typed)
  const policy = await readPolicy(caller, repository, { commit: base, tree: baseTree }, options, 'written')
  const targets = targetsOf(policy, command, options, place.prefix)
  const [layer] = await policyOfTree(objects, { commit: base, tree: baseTree }, place.prefix)
  const { backend } = policy.sandbox
  if (isBare(backend)) throw new PpError('USAGE', `the policy says sandbox: ${backend}, but workers have a sandbox`)
  const change = 'commit' in asked ? asked : { ...asked, by: await author(repository, at) }
  const job: Job = {
    ...{ v: JOB_VERSION, kind: 'prove', repository: url, environment: environment ?? null, base, change, command },
    ...{ target: options.target ?? null, prefix: place.prefix.replace(/\/$/, ''), policy: layer?.file?.blob ?? null },
    ...{ runs: options.runs ?? null, mode: options.mode ?? null, expect: options.expect ?? null },
    ...{
      hangAfter: options.hangAfter ?? null,
      timeout: options.timeout ?? null,
      deadline: deadline ?? null,
      apart: [],
    },
    floor: Math.max(1, strengthOf(backend)),
  }
  const proved = await commitOf(repository, baseTree, job)
  return { id, line, key: jobKey(job), job, targets: [...targets], baseTree, ...proved }
}

/** The user; the time is that of the base, so that the same patch is the same job the next day. */
async function author({ ident }: Pick<OpenRepository['repository'], 'ident'>, at: number): Promise<JobAuthor> {
  const who = JobAuthor.safeParse({ ...(await ident()), at })
  return who.success ? who.data : { name: 'git-pp', email: 'git-pp@invalid', at: Math.max(0, at) }
}

function commandOf(typed: JobsAsked['command']): Command | null {
  if (typed === null) return null
  return typeof typed === 'string' ? { shell: typed } : { argv: [...typed] }
}

/** The commit that is to be proved, and its tree. Throws USAGE for a patch that does not apply or is too large. */
async function commitOf(
  { history, patches, keepCommit }: OpenRepository['repository'],
  baseTree: Oid,
  job: Job,
): Promise<Pick<AskedJob, 'tree' | 'commit'>> {
  const { change } = job
  if ('commit' in change) return { tree: (await history.commit(change.commit)).tree, commit: change.commit }
  const bytes = new TextEncoder().encode(change.patch)
  if (bytes.length > MAX_JOB_PATCH)
    throw new PpError('USAGE', `the patch has ${bytes.length} bytes; at most ${MAX_JOB_PATCH} are sent to a worker`)
  const applied = await patches.apply(baseTree, bytes)
  if (applied.ok && applied.tree !== baseTree)
    return { tree: applied.tree, commit: await keepCommit(patchCommit(job, change.by, applied.tree)) }
  throw new PpError('USAGE', applied.ok ? 'the patch changes nothing' : `the patch does not apply: ${applied.reason}`)
}

/** Where workers fetch from: what was named, else the remote of this repository. `host:path` is spelled as a URL. */
function repositoryUrl(caller: Caller, config: Parameters<typeof lastValueOf>[0], typed: string | undefined): string {
  const said =
    typed ||
    caller.env['PP_JOB_REPOSITORY'] ||
    lastValueOf(config, 'pp.jobrepository') ||
    lastValueOf(config, 'remote.origin.url')
  if (!said)
    throw new PpError('USAGE', 'workers need a URL to fetch from, but this repository has no remote called origin', {
      mend: 'git config pp.jobRepository URL',
    })
  const [, where, path] = /^([\w.-]+@[\w.-]+|[\w.-]+):(?!\/\/)(.+)$/.exec(said) ?? []
  const url = where === undefined ? said : `ssh://${where}/${path?.replace(/^\//, '')}`
  if (/^(?:https|ssh):\/\//.test(url)) return url
  throw new PpError('USAGE', `workers fetch from https:// and ssh:// URLs, not from ${said}`, {
    mend: 'git config pp.jobRepository URL',
  })
}
