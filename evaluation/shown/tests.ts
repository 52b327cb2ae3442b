import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Runs whole what `npm test` runs a part of, the tests that import test/helpers/sample.ts, and what it leaves out, test/e2e/long/.
 * Prints the seeds of random cases. Status 1 when one of them fails.
 */
const TOP = join(import.meta.dirname, '..', '..')
const files = readdirSync(join(TOP, 'test'), { recursive: true, encoding: 'utf8' })
  .map((file) => join('test', file))
  .filter((file) => file.endsWith('.test.ts') && (file.startsWith('test/e2e/long/') || isSampled(file)))
  .sort()

function isSampled(file: string): boolean {
  return readFileSync(join(TOP, file), 'utf8').includes('helpers/sample.ts')
}

let failed = 0
for (const file of files) {
  const argv = [join(TOP, 'node_modules', 'ava', 'entrypoints', 'cli.mjs'), '--tap', file]
  const env = { ...process.env, WHOLE: '1' }
  const { status, stdout } = spawnSync(process.execPath, argv, { cwd: TOP, encoding: 'utf8', maxBuffer: 1 << 28, env })
  const passed = stdout.match(/^ok \d+ /gm)?.length ?? 0
  const broken = stdout.match(/^not ok \d+ - .*$/gm) ?? []
  console.log(`* ${file}: ${passed} passed, ${broken.length} failed`)
  for (const [, seed] of stdout.matchAll(/^# {3}(seed .*)$/gm)) console.log(`  * ${seed}`)
  for (const line of broken) console.log(`  * ${line.replace(/^not ok \d+ - /, '')}`)
  if (status !== 0) failed += 1
}
process.exitCode = failed === 0 ? 0 : 1
