import { spawn } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import * as path from 'node:path'
import type { ExecutionContext } from 'ava'
import type { TestCalls, Trace } from '../../../../src/engine/model/trace.ts'
import type { Tracer, TrackedFiles } from '../../../../src/engine/ports/tracer.ts'

interface How {
  readonly env?: Readonly<Record<string, string>>
  /** Ms after which the command is killed, and which the tracer is told. */
  readonly endsAfterMs?: number
  /** Only the calls of tests are traced. */
  readonly callsOnly?: boolean
  /** The tests of one process are told apart; the ids of those that fail. */
  readonly failing?: readonly string[]
  /** Where `node_modules` lies. */
  readonly modules?: string
}

/** Files with these texts. */
export function tracked(files: Readonly<Record<string, string>>): TrackedFiles {
  return { has: (file) => Object.hasOwn(files, file), text: async (file) => files[file] ?? null }
}

/** Runs `argv` in a directory with these files under a tracer, by environment alone. */
export async function traced(
  t: ExecutionContext,
  tracer: Tracer,
  files: Readonly<Record<string, string>>,
  argv: readonly string[],
  { env = {}, endsAfterMs, callsOnly = false, failing, modules }: How = {},
): Promise<{ trace: Trace | null; calls: TestCalls | null; output: string }> {
  const root = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), 'pp-tracer-')))
  t.teardown(() => fs.rm(root, { recursive: true, force: true }))
  const [tree, reports] = [path.join(root, 'tree'), path.join(root, 'reports')]
  await fs.mkdir(reports)
  for (const [file, text] of Object.entries(files)) {
    await fs.mkdir(path.dirname(path.join(tree, file)), { recursive: true })
    await fs.writeFile(path.join(tree, file), text)
  }
  if (modules !== undefined) await fs.symlink(modules, path.join(tree, 'node_modules'))
  const before = tracer.files()
  for (const [name, bytes] of before) {
    await fs.mkdir(path.dirname(path.join(reports, name)), { recursive: true })
    await fs.writeFile(path.join(reports, name), bytes)
  }
  const own = {
    PATH: process.env['PATH'] ?? '',
    HOME: homedir(),
    PYTHONDONTWRITEBYTECODE: '1',
    PP_REPORTS: reports,
    ...env,
  }
  const circumstances = { reports, root: tree, env: own, endsAfterMs: endsAfterMs ?? null, failing: failing ?? [] }
  const apart = failing === undefined ? tracer : { ...tracer, ...tracer.tests }
  const added = { ...apart.env(circumstances), ...(callsOnly ? tracer.calls?.env(circumstances) : {}) }
  const output = await run(argv, tree, { ...own, ...added }, endsAfterMs)
  const found = new Map<string, Uint8Array>()
  for (const entry of await fs.readdir(reports, { withFileTypes: true }))
    if (entry.isFile() && !before.has(entry.name))
      found.set(entry.name, await fs.readFile(path.join(reports, entry.name)))
  const calls = callsOnly ? ((await tracer.calls?.read(found, tracked(files), { root: tree })) ?? null) : null
  return { trace: await apart.read(found, tracked(files), { root: tree }), calls, output }
}

function run(argv: readonly string[], cwd: string, env: Record<string, string>, endsAfterMs?: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const [program = '', ...args] = argv
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = endsAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), endsAfterMs)
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', () => {
      clearTimeout(timer)
      resolve(output)
    })
  })
}

/** Test → whether it failed and the lines of one file that it ran. */
export function ran(trace: Trace | null, file: string): Record<string, [failed: boolean, ...lines: number[]]> {
  const rows = (trace?.spectra ?? []).map(({ test, failed, lines }) => {
    const own = [...(lines.get(file) ?? [])].sort((a, b) => a - b)
    return [test ?? '(all)', [failed, ...own]] as const
  })
  return Object.fromEntries(rows.map(([test, row]) => [test, [...row]]))
}

/** The lines of one file that ran while tests were called, and those that can run. */
export function called(calls: TestCalls | null, file: string): { ran: number[]; runnable: number[] } | null {
  const sorted = (lines: ReadonlySet<number> | undefined) => [...(lines ?? [])].sort((a, b) => a - b)
  return calls && { ran: sorted(calls.ran.get(file)), runnable: sorted(calls.runnable.get(file)) }
}
