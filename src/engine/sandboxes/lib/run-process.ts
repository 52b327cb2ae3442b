import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import type { Ended, Execution } from '../../model/evidence.ts'
import { growHeapSlowly } from '../../platform/index.ts'
import type { Clock } from '../../ports/clock.ts'
import type { SandboxJob } from '../../ports/sandbox.ts'
import { captureStream, type StreamCapture } from './capture.ts'
import { GATE, LEAKS } from './checks/check-script.ts'
import type { Pipe } from './pipes.ts'
import { awaitStartMarker } from './start-marker.ts'
import { watched } from './watch-process.ts'

/** One process to start and to watch until it ends. `argv[0]` is an absolute path. */
export interface ProcessSpecification
  extends Pick<SandboxJob, 'timeoutMs' | 'limit' | 'progress' | 'maxOutputBytes' | 'redactor' | 'signal'> {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly pipe: () => Promise<Pipe | null>
  /** Descriptors above 2 that we inherited ourselves and must not pass on. */
  readonly inherited: readonly number[]
  /**
   * False: the child has no descriptor 3. Otherwise it is a private line to us; what arrives there is in
   * `FinishedProcess.status`.
   */
  readonly status?: boolean
  /**
   * For a process that needs time before it starts the command: the line on stderr that marks the start. What comes before it
   * is in `FinishedProcess.status`, and time is counted from it.
   */
  readonly startMarker?: string
  /**
   * Descriptor GATE of the child is a second private line. When the line `opens` arrives on descriptor 3, `check` looks at the
   * process; null: `answer` is sent, and the child goes on. Otherwise `FinishedProcess.status` says what was found, and the
   * child gets nothing.
   */
  readonly gate?: StartGate
  /** True: stdin is a pipe that stays open and empty for as long as we live. */
  readonly lifeline?: boolean
  /** Kills processes that left the process group; called after the process has ended, or when it has to end. */
  readonly sweep?: (() => Promise<void>) | undefined
}

export interface StartGate {
  readonly opens: string
  check(pid: number): string | null
  readonly answer: string
}

/**
 * `status`: what arrived on descriptor 3 of the child, a line that closes when we end, or what came before the start marker.
 * `begun`: false if the start marker did not come.
 */
export type FinishedProcess = Omit<Execution, 'reports'> & { readonly status: string; readonly begun: boolean }

const STATUS_LIMIT = 16 * 1024

/**
 * Runs one process in its own session and process group with empty stdin, and never waits for what it left behind. When it
 * ends, at the time limit (TERM, then KILL) and at an abort, the whole group is killed; a pipe that is still open is read for
 * one more second. An abort ends as `not-run: interrupted`.
 */
export async function runProcess(spec: ProcessSpecification): Promise<FinishedProcess> {
  const stdout = captureStream(spec.redactor, spec.maxOutputBytes)
  const stderr = captureStream(spec.redactor, spec.maxOutputBytes)
  const pair: PipePair = [await spec.pipe(), await spec.pipe()]
  const startedAt = spec.clock.now().toISOString()
  const startMarker =
    spec.startMarker === undefined ? null : awaitStartMarker(spec.startMarker, (chunk) => stderr.push(chunk))
  let begun = startMarker === null ? spec.clock.elapsed() : null
  startMarker?.seen.then(() => {
    begun = spec.clock.elapsed()
  })
  let over: number | null = null
  let printedAt = spec.clock.elapsed()
  const printed = () => {
    printedAt = spec.clock.elapsed()
  }
  let status = ''
  const ended = await started(spec, pair).then(
    ({ child, line }) => {
      let waits = spec.gate !== undefined
      line?.on('data', (chunk: Buffer) => {
        if (status.length < STATUS_LIMIT) status += chunk.toString('latin1')
        if (!waits || !spec.gate || !status.split('\n').includes(spec.gate.opens)) return
        waits = false
        status += letIn(child, spec.gate)
      })
      const streams = [
        drained(pair[0]?.read ?? child.stdout, stdout, printed),
        drained(pair[1]?.read ?? child.stderr, startMarker ?? stderr, printed),
        drained(line, null),
      ]
      // Removing a container takes longer than many commands, so the time is taken here.
      if (startMarker !== null) child.once('exit', () => (over = spec.clock.elapsed()))
      return watched(spec, child, streams, startMarker, () => spec.clock.elapsed() - printedAt)
    },
    (error: Error): Ended => ({ how: 'not-run', reason: error.message }),
  )
  for (const pipe of pair) pipe?.read.destroy()
  const durationMs = begun === null ? 0 : Math.round((over ?? spec.clock.elapsed()) - begun)
  const seen = { ended, startedAt, durationMs, stdout: stdout.end(), stderr: stderr.end() }
  return { ...seen, status: startMarker?.before() ?? status, begun: begun !== null }
}

type PipePair = readonly [Pipe | null, Pipe | null]

/** Resolves when the process runs, rejects when it could not be started. */
function started(spec: ProcessSpecification, pair: PipePair): Promise<{ child: ChildProcess; line: Readable | null }> {
  const nothing = openSync('/dev/null', 'r+')
  const stdio: StdioOptions = [spec.lifeline ? 'pipe' : 'ignore', pair[0]?.write ?? 'pipe', pair[1]?.write ?? 'pipe']
  if (spec.status !== false) stdio.push('pipe')
  if (spec.gate !== undefined) {
    while (stdio.length < GATE) stdio.push('ignore')
    stdio.push('pipe')
  }
  // Node cannot close these descriptors in the child, so each is replaced by an open /dev/null.
  for (const fd of spec.inherited) {
    while (stdio.length < fd) stdio.push('ignore')
    if (stdio.length === fd) stdio.push(nothing)
  }
  return new Promise((resolve, reject) => {
    try {
      const [program = '', ...args] = spec.argv
      const child = spawn(program, args, { cwd: spec.cwd, env: spec.env, detached: true, stdio })
      child.once('error', reject)
      child.once('spawn', () => resolve({ child, line: (child.stdio[3] as Readable) ?? null }))
    } finally {
      for (const pipe of pair) if (pipe !== null) closeSync(pipe.write)
      closeSync(nothing)
    }
  })
}

/** Checks a waiting process and lets it go on; returns what is wrong with it, as a line, or ''. */
function letIn(child: ChildProcess, gate: StartGate): string {
  const all: readonly unknown[] = child.stdio
  const line = all[GATE] as Writable | null
  const fault = child.pid === undefined ? 'it has no process' : gate.check(child.pid)
  line?.on('error', () => {})
  line?.end(fault === null ? `${gate.answer}\n` : '\n')
  return fault === null ? '' : `${LEAKS}${fault}\n`
}

/** Feeds a capture until the stream ends; a broken stream has ended. */
function drained(
  stream: Readable | null,
  into: Pick<StreamCapture, 'push'> | null,
  printed: () => void = () => {},
): Promise<void> {
  if (stream === null) return Promise.resolve()
  let arrived = 0
  if (into !== null)
    stream.on('data', (chunk: Buffer) => {
      into.push(chunk)
      arrived += chunk.length
      growHeapSlowly(arrived)
      printed()
    })
  return new Promise((resolve) => {
    stream.once('close', resolve)
    stream.once('error', () => resolve())
  })
}
