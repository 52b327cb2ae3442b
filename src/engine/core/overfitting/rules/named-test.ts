import { stringValue } from '../literals.ts'
import type { Finding, OverfittingRule } from '../rule.ts'

/** Shorter names are words of everyday code. */
const SHORTEST = 5
/** Other names of folders are words of everyday code. */
const TEST_FOLDER = /test|spec|fixture|golden|snapshot|expected/i

export default {
  kind: 'named-test',
  finds: 'names a file or a folder of the tests, or loads one',
  find({ fresh, tests, earlier, path }) {
    const own = new Set(path.split('/'))
    const known = namesOf(tests.paths).filter((name) => !own.has(name))
    return fresh.flatMap((node): Finding[] => {
      if (node.is === 'import') {
        const module = loaded(node.text, path, tests.paths)
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
function loaded(text: string, product: string, paths: readonly string[]): string | null {
  const words = (text.match(/[\w./-]+/g) ?? []).map((word) => word.replace(/\.[cm]?[jt]sx?$/, ''))
  const whole = new Set(words.filter((word) => word.startsWith('.')).map((word) => fromFile(product, word)))
  const ends = new Set(words.filter((word) => /^\w/.test(word) && word.length >= SHORTEST).map(withSlashes))
  return (
    paths.find((path) => {
      const parts = withSlashes(path.replace(/\.\w+$/, '')).split('/')
      return whole.has(parts.join('/')) || parts.some((_, at) => ends.has(parts.slice(at).join('/')))
    }) ?? null
  )
}

function withSlashes(name: string): string {
  return name.replaceAll('.', '/')
}

/** `./a`, `../a`, or `.a` and `..a` as Python writes it, from the folder of a file. */
function fromFile(file: string, word: string): string {
  const folders = file.split('/').slice(0, -1)
  const [, dots = '', name = ''] = /^((?:\.+\/)+|\.+)(.*)$/.exec(word) ?? []
  const up = dots.includes('/') ? dots.split('/').filter((dot) => dot === '..').length : dots.length - 1
  return withSlashes([...folders.slice(0, folders.length - up), name].join('/'))
}

/** Whether a pattern with a wildcard, such as `test_*`, fits one of the names. */
function matches(part: string, names: readonly string[]): boolean {
  if (!/^[\w.-]*[*?][\w.*?-]*$/.test(part) || part.replace(/[*?]/g, '').length < SHORTEST - 1) return false
  const [head = '', ...rest] = part.split(/[*?]+/)
  const tail = rest.at(-1) ?? ''
  return names.some((name) => name.startsWith(head) && name.endsWith(tail))
}
