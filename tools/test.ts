import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/**
 * `npm test [-- FILE… OPTION…]`: the unit tests in few processes (tools/test-unit.ts), then everything else, a process a file.
 * FILE is a path or a pattern; without one, all tests are run. The exit status is 1 if a test failed.
 */
const UNIT = 'test/unit'
const REST = 'test/{integration,property,e2e}/**/*.test.ts'
/** Minutes of tests that few changes touch: `npm run test:e2e` and `npm run shown -- tests` run them. */
const LONG = '!test/e2e/long/**'
const TOP = join(import.meta.dirname, '..')

const typed = process.argv.slice(2)
const options = typed.filter((word) => word.startsWith('-'))
const files = typed.filter((word) => !word.startsWith('-'))
const isUnit = (file: string) => file.startsWith(UNIT)
// tools/test-unit.ts takes the beginnings of paths.
const units = files.length === 0 ? [UNIT] : files.filter(isUnit).map((file) => file.replace(/\*.*$/s, ''))
const rest = files.length === 0 ? [REST, LONG] : files.filter((file) => !isUnit(file))

function run(argv: readonly string[]): number {
  return spawnSync('npx', argv, { cwd: TOP, stdio: 'inherit' }).status ?? 1
}

const statuses = [
  ...(units.length > 0 ? [run(['tsx', 'tools/test-unit.ts', ...units, ...options])] : []),
  ...(rest.length > 0 ? [run(['ava', ...rest, ...options])] : []),
]
process.exitCode = Math.max(...statuses)
