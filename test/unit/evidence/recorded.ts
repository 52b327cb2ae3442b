import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { Execution, TestOutcome, TestReport } from '../../../src/engine/model/evidence.ts'

const folder = new URL('../../fixtures/outputs/', import.meta.url)

/** An execution that ended with `code` and printed `stdout`. */
export function execution(stdout: string, code: number, stderr = ''): Execution {
  const stream = (text: string) => {
    const kept = new TextEncoder().encode(text)
    return { kept, bytes: kept.length, sha256: '0'.repeat(64), truncated: false, redactions: 0 }
  }
  return {
    ended: { how: 'exited', code },
    startedAt: '2026-01-01T00:00:00Z',
    durationMs: 1,
    stdout: stream(stdout),
    stderr: stream(stderr),
    reports: new Map(),
  }
}

/** A real output: test/fixtures/outputs/<name>.<exit status>.txt. */
export function recorded(name: string): { text: string; execution: Execution } {
  const file = readdirSync(folder).find((one) => one.startsWith(`${name}.`))
  if (file === undefined) throw new Error(`no recorded output: ${name}`)
  const text = readFileSync(new URL(file, folder), 'utf8')
  return { text, execution: execution(text, Number(file.split('.').at(-2))) }
}

export function ids(report: TestReport | null, ...outcomes: readonly TestOutcome[]): string[] {
  return (report?.tests ?? []).filter(({ outcome }) => outcomes.includes(outcome)).map(({ id }) => id)
}

/** A temp directory with these files, removed after the test. */
export async function project(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'evidence-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  return dir
}

/** Runs a program in `cwd` with its own home, outside of any other test runner. */
export function run(
  cwd: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Execution> {
  const [file = '', ...rest] = argv
  const clean = { PATH: process.env['PATH'] ?? '', HOME: cwd, LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1', ...env }
  return new Promise((resolve) => {
    execFile(file, rest, { cwd, env: clean, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? 127 : 0
      resolve(execution(stdout, code, stderr))
    })
  })
}
