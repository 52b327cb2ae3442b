import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watchReads } from '../../src/engine/git/watch-reads.ts'
import type { TreeEntry } from '../../src/engine/model/change.ts'

/**
 * Prints what it costs to observe which files a command reads: the CPU time of git pp itself before and after the run, without
 * the checkout. The command runs as it would without being observed, so nothing else is added. Status 1 above a bound.
 * usage: npx tsx evaluation/shown/observation.ts
 */
const ROUNDS = 15
const BOUNDS: readonly (readonly [files: number, ms: number])[] = [
  [20, 40],
  [5000, 250],
]

console.log('| files | read by the command | CPU ms of observing: median | most | bound |\n|---|---|---|---|---|')
for (const [files, bound] of BOUNDS) {
  const costs: number[] = []
  let seen = 0
  for (let round = 0; round < ROUNDS; round++) {
    const { ms, read } = await observed(files)
    costs.push(ms)
    seen = read
  }
  costs.sort((a, b) => a - b)
  const median = costs[ROUNDS >> 1] ?? Number.POSITIVE_INFINITY
  console.log(`| ${files} | ${seen} | ${median.toFixed(1)} | ${costs.at(-1)?.toFixed(1)} | ${bound} |`)
  if (median > bound || seen !== files / 2) process.exitCode = 1
}

async function observed(count: number): Promise<{ readonly ms: number; readonly read: number }> {
  const top = mkdtempSync(join(tmpdir(), 'pp-observed-'))
  try {
    const dir = join(top, 'tree')
    const entries = Array.from({ length: count }, (_, at): TreeEntry => {
      const path = `d${at % 50}/f${at}.txt`
      return { path, mode: '100644', oid: '0'.repeat(40) }
    })
    for (const { path } of entries) {
      mkdirSync(join(dir, path, '..'), { recursive: true })
      writeFileSync(join(dir, path), 'x\n')
    }
    let ms = 0
    const measure = async <T>(work: () => Promise<T>): Promise<T> => {
      const before = process.cpuUsage()
      const result = await work()
      const { user, system } = process.cpuUsage(before)
      ms += (user + system) / 1000
      return result
    }
    const reads = await measure(() => watchReads(dir, entries, join(top, 'probe')))
    const half = entries.slice(0, count / 2).map(({ path }) => path)
    execFileSync('xargs', ['-0', 'cat'], { cwd: dir, input: half.join('\0') })
    const read = await measure(() => reads())
    return { ms, read: read?.size ?? 0 }
  } finally {
    rmSync(top, { recursive: true })
  }
}
