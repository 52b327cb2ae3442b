/**
 * What one execution of the command `true` costs in trees of 20 and more files: CPU of all processes, from the difference
 * between many and few executions in one session. `npx tsx evaluation/bench/attempts.ts 20 50000`
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cost, median } from './cpu.ts'

const FEW = 2
const MANY = 22
const ROUNDS = 3
const KINDS = ['overlay', 'checkout'] as const

async function main(): Promise<void> {
  const sizes = process.argv.slice(2).map(Number)
  // The cache is on a file system in memory, so that no disk is measured; a checkout there would be hidden in the sandbox.
  const root = mkdtempSync('/tmp/pp-attempts-')
  const cache = mkdtempSync('/dev/shm/pp-attempts-')
  try {
    for (const size of sizes) makeRepository(join(root, String(size)), size)
    const found = new Map<string, number[]>()
    for (let round = 0; round < ROUNDS; round++) {
      for (const kind of KINDS)
        for (const size of sizes) {
          if (kind === 'checkout' && size > 10_000) continue
          const [few, many] = [
            await session({ root, cache }, size, kind, FEW),
            await session({ root, cache }, size, kind, MANY),
          ]
          const name = `${kind}, ${size} files`
          found.set(name, [...(found.get(name) ?? []), (many - few) / (MANY - FEW)])
        }
    }
    for (const [name, all] of found)
      console.log(
        `${name}: ${median(all).toFixed(1)} ms (${Math.min(...all).toFixed(1)}-${Math.max(...all).toFixed(1)})`,
      )
  } finally {
    for (const dir of [root, cache]) rmSync(dir, { recursive: true, force: true })
  }
}

/** The CPU of one session with `count` executions, in ms. */
async function session(
  { root, cache }: { root: string; cache: string },
  size: number,
  kind: string,
  count: number,
): Promise<number> {
  const { PATH = '' } = process.env
  const env = { PATH, HOME: root, XDG_CACHE_HOME: cache, PP_WORKTREES: kind }
  const driver = join(import.meta.dirname, 'attempts-session.ts')
  const argv = [process.execPath, '--import', 'tsx', driver, String(count)] as const
  return (
    await cost([...argv, join(root, String(size))] as unknown as [string, ...string[]], {
      cwd: join(import.meta.dirname, '../..'),
      env,
    })
  ).cpu
}

function makeRepository(dir: string, files: number): void {
  mkdirSync(dir)
  for (let n = 0; n < files; n++) {
    const folder = join(dir, `d${n % 97}`, `e${n % 11}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `f${n}.js`), `${String(n)}\n`.repeat(200))
  }
  const git = (...args: string[]) => execFileSync('git', ['-C', dir, ...args])
  git('init', '-q')
  git('-c', 'core.autocrlf=false', 'add', '-A')
  git('-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'gc.auto=0', 'commit', '-qm', 'all')
}

await main()
