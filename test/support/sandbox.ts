/** Work trees in memory, and a sandbox in which a function of the files stands for the command. */
import { createHash } from 'node:crypto'
import type { Ended, Execution } from '../../src/engine/model/evidence.ts'
import type { Clock } from '../../src/engine/ports/clock.ts'
import type { StackedTree } from '../../src/engine/ports/layering.ts'
import type { Sandbox, SandboxJob } from '../../src/engine/ports/sandbox.ts'
import type { Workspace, Workspaces, WorktreeFacts } from '../../src/engine/ports/workspace.ts'
import { decode, encode, type Files, type Repository } from './repository.ts'
import { LIST, suite } from './suite.ts'

/** One run, as the command sees it. */
export interface Run {
  /** What stands in the work tree. */
  readonly files: Files
  /** How often a work tree with just these files was run, this run included. */
  readonly nth: number
  readonly command: string
  /** Whether the work tree is stacked in memory. */
  readonly stacked: boolean
  /** Whether the runner is asked to name every test. */
  readonly listing: boolean
  /** Whether a tracer is in it. */
  readonly traced: boolean
  /** Writes a file; where that is not let be it says so on its output, as a program would, and gives false. */
  write(path: string, text: string): boolean
}

/** How a run ends: an exit status, or in another way. */
export interface Shown {
  readonly ended: number | Ended
  readonly output?: string
  readonly takesMs?: number
}

export type Program = (run: Run) => Shown

/** Runs the tests of the files; status 1 where one of them fails. */
export const tests: Program = ({ files }) => {
  const output = suite(files)
  return { ended: /^not ok/m.test(output) ? 1 : 0, output }
}

/** A clock that stands still but for the time that runs take. */
export interface FixedClock extends Clock {
  pass(ms: number): void
}

export function fixedClock(): FixedClock {
  let now = 0
  return {
    now: () => new Date(Date.UTC(2024, 0, 2, 3, 4, 5) + now),
    elapsed: () => now,
    random: (n) => new Uint8Array(n),
    pass: (ms) => {
      now += ms
    },
  }
}

/** A stacked tree of which nothing is real; `full`: it was seen to be full. */
export function stackedTree(full = false): StackedTree {
  const nowhere = '/dev/null/no-such-folder'
  const namespaces = { user: nowhere, mount: nowhere }
  return { dir: nowhere, written: nowhere, inside: nowhere, namespaces, wasFull: async () => full, dispose: () => {} }
}

interface Open extends Workspace {
  readonly stands: Map<string, string>
  writeAs(path: string, text: string): void
}

/** Work trees, each with files of its own; `lent`: how many were not given back. `reads`: what every run is seen to read. */
export function workspacesOf(
  repository: Repository,
  reads: readonly string[] | null = null,
  stack: StackedTree | null = null,
): Workspaces & { readonly lent: number } {
  const all = {
    lent: 0,
    facts: () => [],
    unfiltered: () => new Map(),
    why: null as string | null,
    useCheckouts: (reason: string) => {
      all.why = reason
    },
    worktrees: (): WorktreeFacts =>
      stack === null || all.why !== null
        ? { kind: 'checkout', reason: all.why }
        : { kind: 'overlay', renamesDirectories: false, readersSeeWrites: true },
    open: async (tree: string, kind = 'any') => {
      all.lent += 1
      const own = kind === 'any' && all.why === null ? stack : null
      return workspace(repository.files(tree), { tree, reads, stack: own }, () => {
        all.lent -= 1
      })
    },
  }
  return all
}

function workspace(
  files: Files,
  {
    tree,
    reads,
    stack,
  }: { readonly tree: string; readonly reads: readonly string[] | null; readonly stack: StackedTree | null },
  dispose: () => void,
): Open {
  const wanted = new Map(Object.entries(files))
  const stands = new Map(wanted)
  const writes = new Map<string, number>()
  return {
    ...{ tree, stands, dir: '/dev/null/no-such-folder', git: null, stack },
    async write(edits) {
      for (const [path, edit] of edits) {
        for (const side of [wanted, stands]) {
          if (edit === null) side.delete(path)
          else side.set(path, decode(edit.bytes))
        }
      }
    },
    touched: async (paths) =>
      new Map(
        paths
          .filter((path) => stands.get(path) !== wanted.get(path))
          .map((path) => [
            path,
            createHash('sha256')
              .update(stands.get(path) ?? '')
              .digest('hex'),
          ]),
      ),
    stamps: async (paths) => new Map(paths.map((path) => [path, String(writes.get(path) ?? 0)])),
    watchReads: async () => async () => reads && new Set(reads),
    async restore(paths) {
      for (const path of paths) stands.set(path, wanted.get(path) ?? '')
    },
    leftovers: async () => [...stands.keys()].filter((path) => !wanted.has(path)),
    untracked: async (isMeant) => [...stands.keys()].filter((path) => !wanted.has(path) && isMeant(path)),
    dispose: async () => dispose(),
    writeAs(path, text) {
      stands.set(path, text)
      writes.set(path, (writes.get(path) ?? 0) + 1)
    },
  }
}

const ENFORCES = {
  ...{ network: true, filesystem: true, home: true, processes: true, atCheckoutPath: true, judgesReadOnly: true },
  ...{ syscalls: true, memory: true, cpu: true, processCount: true, disk: true },
}

export function sandboxOf(program: Program, clock: FixedClock, judgesReadOnly = true): Sandbox {
  const often = new Map<string, number>()
  return {
    kind: 'fake',
    version: 'fake (1)',
    enforces: { ...ENFORCES, judgesReadOnly },
    layering: async () => null,
    selfTest: async () => ({ loopback: 'blocked', unixSocket: 'blocked' }),
    async run(job) {
      const { stands, writeAs, stack } = job.workspace as Open
      const files = Object.fromEntries(stands)
      const key = JSON.stringify([...stands])
      often.set(key, (often.get(key) ?? 0) + 1)
      let refused = ''
      const shown = program({
        files,
        nth: often.get(key) ?? 1,
        listing: listing(job),
        traced: traced(job),
        stacked: stack !== null,
        command: 'shell' in job.command ? job.command.shell : job.command.argv.join(' '),
        write(path, text) {
          if (judgesReadOnly && job.readOnly.includes(path)) refused += `EROFS: read-only file system, open '${path}'\n`
          else writeAs(path, text)
          return refused === ''
        },
      })
      return executionOf(
        { ...shown, output: `${listing(job) ? `${LIST}\n` : ''}${shown.output ?? ''}${refused}` },
        job,
        clock,
      )
    },
  }
}

function listing({ reportEnv }: SandboxJob): boolean {
  return LIST in (reportEnv?.('/reports') ?? {})
}

function traced({ reportEnv }: SandboxJob): boolean {
  return 'TRACED' in (reportEnv?.('/reports') ?? {})
}

function executionOf({ ended, output = '', takesMs = 10 }: Shown, job: SandboxJob, clock: FixedClock): Execution {
  const startedAt = clock.now().toISOString()
  // Whatever runs here prints all the time.
  const { untilMs: timeoutMs, limit } = job.progress
    ? { ...job.progress, limit: 'session' as const }
    : { ...job, untilMs: job.timeoutMs }
  const cut = takesMs > timeoutMs
  const durationMs = cut ? timeoutMs : takesMs
  clock.pass(durationMs)
  const how = typeof ended === 'number' ? { how: 'exited' as const, code: ended } : ended
  return {
    ended: cut ? { how: 'timed-out', afterMs: timeoutMs, limit } : how,
    ...{ startedAt, durationMs, stdout: stream(output, job), stderr: stream('', job) },
    reports: new Map([['output', encode(output)]]),
  }
}

/** What is captured of a stream is redacted; the report of the runner, which holds the same text, is not. */
function stream(text: string, { redactor }: SandboxJob): Execution['stdout'] {
  const kept = redactor.redact(encode(text)).bytes
  const sha256 = createHash('sha256').update(kept).digest('hex')
  return { bytes: kept.length, sha256, truncated: false, redactions: 0, kept }
}
