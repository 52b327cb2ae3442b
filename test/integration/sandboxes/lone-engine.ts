import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import * as path from 'node:path'
import { buildSync } from 'esbuild'
import type { SandboxHost } from '../../../src/engine/ports/sandbox.ts'
import type { More } from './machine.ts'

let bundle: string | undefined

/** An engine in a process of its own, as the host's user. `within`: argv to stand before it. */
export function engine(
  kind: string,
  at: SandboxHost,
  shell: string,
  more: More = {},
  options: SpawnOptions = {},
  within: readonly string[] = [],
): ChildProcess {
  bundle ??= bundled()
  const ids = [`--reuid=${at.uid}`, `--regid=${at.gid}`, '--clear-groups', '--']
  const become = at.uid === process.getuid?.() ? [] : ['setpriv', ...ids]
  const words = [process.execPath, bundle, kind, JSON.stringify(at), shell, JSON.stringify(more)]
  const [program = '', ...args] = [...within, ...become, ...words]
  return spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], ...options })
}

/** `machine-run.ts` in one file that every user may read: a checkout may lie where its owner alone can enter. */
function bundled(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'pp-engine-'))
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
  const outfile = path.join(dir, 'machine-run.mjs')
  buildSync({
    absWorkingDir: import.meta.dirname,
    entryPoints: ['machine-run.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: {
      js: "import { createRequire as newRequire } from 'node:module'; const require = newRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
  chmodSync(dir, 0o755)
  chmodSync(outfile, 0o644)
  return outfile
}
