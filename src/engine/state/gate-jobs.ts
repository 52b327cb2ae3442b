import { lstat, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { GateFailure, GateFinding } from '../model/gate.ts'
import { sendSignal, startDetached } from '../platform/index.ts'
import { digest, readJson, writeJson } from './gate-store.ts'
import { startTime } from './session-dir.ts'

/**
 * How far a job is. `first look`: what a few tests of a slow suite showed, those that fail by id and message. `so far`: red without
 * the change, green with it and red again, and the remaining runs go on.
 */
export type GateProgress =
  | { readonly is: 'first look'; readonly failing: readonly GateFailure[]; readonly passed: number }
  | { readonly is: 'so far' }

interface JobOwner {
  readonly pid: number
  readonly started: string
}

/** A proof that runs in a process of its own, so that it may go on after the answer to the agent. */
export interface GateJob {
  readonly dir: string
  readonly request: string
  progress(): Promise<GateProgress | null>
  /** Null: it has not ended well, or not yet. */
  finding(): Promise<GateFinding | null>
  runs(): Promise<boolean>
  /** In ms: since when it runs. */
  age(): Promise<number>
  tell(progress: GateProgress): Promise<void>
  end(finding: GateFinding): Promise<void>
  /** Ends the process and all that it started. */
  stop(): Promise<void>
  /** Removes what it found. */
  forget(): Promise<void>
}

/** The job of one state of the work tree, by its key. */
export function gateJob(dir: string): GateJob {
  const file = (name: string) => join(dir, name)
  const owner = () => readJson<JobOwner>(file('owner.json'))
  const runs = async () => {
    const one = await owner()
    return one !== null && (await startTime(one.pid)) === one.started && one.started !== ''
  }
  return {
    dir,
    request: file('request.json'),
    progress: () => readJson<GateProgress>(file('progress.json')),
    finding: () => readJson<GateFinding>(file('finding.json')),
    runs,
    age: async () => Date.now() - ((await lstat(file('request.json')).catch(() => null))?.mtimeMs ?? Date.now()),
    tell: (progress) => writeJson(dir, file('progress.json'), progress),
    end: (finding) => writeJson(dir, file('finding.json'), finding),
    forget: () => rm(dir, { recursive: true, force: true }),
    async stop() {
      const one = await owner()
      if (one !== null && (await runs())) sendSignal(-one.pid, 'SIGTERM')
    },
  }
}

/** How a job is started: this program with one word, and the directory of the job. */
export interface JobProgram {
  readonly node: string
  readonly program: string
  readonly word: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** The job with this key, if it runs or has ended; else a new one, in a process that goes on when we have ended. */
export async function openGateJob(store: string, key: string, request: unknown, by: JobProgram): Promise<GateJob> {
  const jobs = join(store, 'jobs')
  const job = gateJob(join(jobs, digest(key).slice(0, 16)))
  if ((await job.finding()) !== null || (await job.runs())) return job
  await endOthers(jobs)
  await startGateJob(job, request, by)
  return job
}

/** Starts a job that nobody may wait for. */
export async function startGateJob(job: GateJob, request: unknown, by: JobProgram): Promise<void> {
  await mkdir(job.dir, { recursive: true, mode: 0o700 })
  await writeJson(job.dir, job.request, request)
  const env = Object.entries(by.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  const pid = startDetached({
    ...{ program: by.node, args: [by.program, by.word, job.dir], env: Object.fromEntries(env), cwd: by.cwd },
  })
  if (pid !== null) await writeJson(job.dir, join(job.dir, 'owner.json'), { pid, started: await startTime(pid) })
}

/** One job runs in a work tree: the newest. What has ended is of no use any more, either. */
async function endOthers(jobs: string): Promise<void> {
  for (const name of await readdir(jobs).catch(() => [])) {
    const other = gateJob(join(jobs, name))
    await other.stop()
    if ((await lstat(other.dir).catch(() => null)) !== null) await rm(other.dir, { recursive: true, force: true })
  }
}
