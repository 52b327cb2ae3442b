import { stringValue } from '../literals.ts'
import type { Finding, OverfittingRule } from '../rule.ts'

/** Shorter names are words of everyday code. */
const SHORTEST = 5
/** Other names of folders are words of everyday code. */
const TEST_FOLDER = /test|spec|fixture|golden|snapshot|expected/i

export default {
  kind: 'test-file',
  finds: 'names a file or a folder of the tests, or loads one',
  find({ fresh, tests, earlier, path }) {
    const own = new Set(path.split('/'))
    const known = namesOf(tests.paths).filter((name) => !own.has(name))
    return fresh.flatMap((node): Finding[] => {
      if (node.is === 'import') {
        const module = loaded(node.text, tests.paths)
        return module === null ? [] : [{ line: node.line, does: `loads ${module}, a file of the tests`, strength: 0.9 }]
      }
      const value = stringValue(node)
      if (value === null || earlier.values.has(value)) return []
      const name = value.split(/[\\/]+/).find((part) => known.includes(part) || matches(part, known))
      return name === undefined
        ? []
        : [{ line: node.line, does: `names ${name}, which belongs to the tests`, strength: 0.9 }]
    })
  },
} satisfies OverfittingRule

/** The names of the files of the tests, and of their folders. */
function namesOf(paths: readonly string[]): readonly string[] {
  const parts = paths.map((path) => path.split('/'))
  const folders = parts.flatMap((names) => names.slice(0, -1)).filter((name) => TEST_FOLDER.test(name))
  const files = parts.flatMap((names) => names.at(-1) ?? []).filter((name) => name.length >= SHORTEST)
  return [...new Set([...folders, ...files])]
}

/** The file of the tests that an import loads: `tests.test_area` is `tests/test_area.py`; null: none. */
function loaded(text: string, paths: readonly string[]): string | null {
  const words = text.match(/[\w./-]+/g) ?? []
  const modules = words.map((word) => word.replace(/^\.+\/?/, '').replace(/\.[cm]?[jt]sx?$/, ''))
  const known = new Set(modules.filter((word) => word.length >= SHORTEST).map((word) => word.replaceAll('.', '/')))
  return (
    paths.find((path) => {
      const parts = path
        .replace(/\.\w+$/, '')
        .replaceAll('.', '/')
        .split('/')
      return parts.some((_, at) => known.has(parts.slice(at).join('/')))
    }) ?? null
  )
}

/** Whether a pattern with a wildcard, such as `test_*`, fits one of the names. */
function matches(part: string, names: readonly string[]): boolean {
  if (!/[*?]/.test(part) || part.replace(/[*?]/g, '').length < SHORTEST - 1) return false
  const [head = '', ...rest] = part.split(/[*?]+/)
  const tail = rest.at(-1) ?? ''
  return names.some((name) => name.startsWith(head) && name.endsWith(tail))
}
