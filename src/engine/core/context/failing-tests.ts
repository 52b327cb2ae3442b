import type { FunctionSlice } from '../../model/trace.ts'
import type { FailingTestLocation } from './failure-context.ts'
import type { FailureLocation } from './rank-functions.ts'

/** A failing test as its runner names it; `file` and `line` if the runner reported them. */
export interface NamedFailingTest {
  readonly id: string
  readonly file?: string | undefined
  readonly line?: number | undefined
}

/** The files that failing tests seem to be in, as their names say. */
export function filesOfTests(named: readonly NamedFailingTest[], files: readonly string[]): readonly string[] {
  return named.slice(0, NAMED).flatMap((test) => files.filter((path) => owns(path, test)))
}

interface TestFileTexts {
  /** Path → text and functions of the test files. */
  readonly texts: ReadonlyMap<string, string>
  readonly functions: ReadonlyMap<string, readonly FunctionSlice[]>
}

const MOST = 8
const NAMED = 10 * MOST

/** Where the failing tests are: found by name, else where the output names a line of a test file. Each place once. */
export function failingTests(
  named: readonly NamedFailingTest[],
  places: readonly FailureLocation[],
  files: TestFileTexts,
): FailingTestLocation[] {
  const inTests = places.filter(({ path }) => files.texts.has(path))
  const found = named.slice(0, NAMED).flatMap((test) => locate(test, inTests, files) ?? [])
  const told = inTests.map(({ path, line }) => at(path, line, files))
  const seen = new Set<string>()
  const unique = [...found, ...(found.length > 0 ? [] : told)].filter(({ path, slice, line }) => {
    const key = `${path}:${slice?.start ?? line}`
    return !seen.has(key) && seen.add(key)
  })
  return unique.slice(0, MOST)
}

function at(path: string, line: number | null, { functions }: TestFileTexts): FailingTestLocation {
  const slice =
    line === null ? undefined : functions.get(path)?.findLast(({ start, end }) => start <= line && line <= end)
  return { path, line, slice: slice ?? null }
}

function locate(
  test: NamedFailingTest,
  places: readonly FailureLocation[],
  files: TestFileTexts,
): FailingTestLocation | null {
  const title = titleOf(test.id)
  const owners = [...files.texts.keys()].filter((path) => owns(path, test))
  for (const path of owners.length > 0 ? owners : files.texts.keys()) {
    const slice = files.functions.get(path)?.find(({ name }) => name === title || name.endsWith(`.${title}`))
    if (!slice) continue
    const line = places.find((one) => one.path === path && one.line !== null && within(slice, one.line))?.line
    return { path, slice, line: line ?? null }
  }
  for (const path of owners) {
    if (test.line !== undefined) return at(path, test.line, files)
    const titled = (files.texts.get(path) ?? '').split('\n').findIndex((line) => line.includes(title)) + 1
    if (titled > 0) return { path, slice: null, line: titled }
  }
  return null
}

function within({ start, end }: FunctionSlice, line: number): boolean {
  return start <= line && line <= end
}

/** 'tests/test_a.py::TestA::test_b[1-2]' → 'test_b'; 'a.TestA.test_b' → 'test_b'; 'suite > does it' → 'does it'. */
function titleOf(id: string): string {
  const last = id.split(/::| > | › /).at(-1) ?? id
  const plain = last.replace(/\[.*$/s, '').replace(/ \(.*\)$/, '')
  return /^[\w.]+$/.test(plain) ? plain.slice(plain.lastIndexOf('.') + 1) : plain
}

function owns(path: string, { id, file }: NamedFailingTest): boolean {
  if (file !== undefined && (file === path || path.endsWith(`/${file}`) || file.endsWith(`/${path}`))) return true
  const [first = ''] = id.split('::')
  return (
    first === path ||
    path.endsWith(`/${first}`) ||
    `.${id}.`.includes(`.${path.replace(/\.\w+$/, '').replaceAll('/', '.')}.`)
  )
}
