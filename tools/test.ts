import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import picomatch from 'picomatch'
import { group, runsAlone, settings, TOP } from './test-files.ts'

/**
 * `npm test [-- FILE… OPTION…]`: the unit tests in few processes (tools/test-unit.ts), then everything else: files of one room of
 * test/integration share a process by fours, other files have one of their own. FILE is a path or a pattern;
 * without one, all tests are run. The exit status is 1 if a test failed.
 */
const UNIT = 'test/unit'
const REST = 'test/{integration,property,e2e}/**/*.test.ts'
/** Minutes of tests that few changes touch: `npm run test:e2e` and `npm run shown -- tests` run them. */
const LONG = 'test/e2e/long/**'
const OUT = `.cache/tests-${process.pid}`
/** Tests of sandboxes measure the time and the memory of their own process. */
const SHARING = /^test\/integration\/(?!sandboxes\/)/

const typed = process.argv.slice(2)
const options = typed.filter((word) => word.startsWith('-'))
const files = typed.filter((word) => !word.startsWith('-'))
const isUnit = (file: string) => file.startsWith(UNIT)
// tools/test-unit.ts takes the beginnings of paths.
const units = files.length === 0 ? [UNIT] : files.filter(isUnit).map((file) => file.replace(/\*.*$/s, ''))
const rest = files.length === 0 ? found([REST], [LONG]) : found(files.filter((file) => !isUnit(file)))

function run(argv: readonly string[]): number {
  return spawnSync('npx', argv, { cwd: TOP, stdio: 'inherit' }).status ?? 1
}

function found(patterns: readonly string[], ignore: readonly string[] = []): readonly string[] {
  const wanted = picomatch([...patterns], { ignore: [...ignore] })
  const all = readdirSync(join(TOP, 'test'), { recursive: true, encoding: 'utf8' }).map((file) => join('test', file))
  return all.filter((file) => file.endsWith('.test.ts') && wanted(file)).sort()
}

/** The files that ava is given: those that share, by room and by four, as one. */
function processes(files: readonly string[]): readonly string[] {
  const shared = files.filter((file) => SHARING.test(file) && !runsAlone(file))
  const groups = [...new Set(shared.map(dirname))].flatMap((room) =>
    fours(shared.filter((file) => dirname(file) === room)).flatMap((four) => {
      const path = join(OUT, room, `${four.map((file) => basename(file, '.test.ts')).join('+')}.test.ts`)
      return group(
        path,
        four.map((file) => relative(dirname(path), file)),
      )
    }),
  )
  return [...groups, ...files.filter((file) => !shared.includes(file))]
}

function fours<T>(list: readonly T[]): readonly (readonly T[])[] {
  return list.length === 0 ? [] : [list.slice(0, 4), ...fours(list.slice(4))]
}

function runRest(): number {
  try {
    return run(['ava', '--config', settings(OUT, processes(rest)), ...options])
  } finally {
    rmSync(join(TOP, OUT), { recursive: true, force: true })
  }
}

const statuses = [
  ...(units.length > 0 ? [run(['tsx', 'tools/test-unit.ts', ...units, ...options])] : []),
  ...(rest.length > 0 ? [runRest()] : []),
]
process.exitCode = Math.max(...statuses)
