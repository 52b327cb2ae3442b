import { stringValue } from '../literals.ts'
import type { OverfittingRule } from '../rule.ts'

/** Shorter names of files are words of everyday code. */
const SHORTEST = 4

export default {
  kind: 'test-file',
  finds: 'names a file or a folder of the tests, or loads one',
  find({ fresh, tests, earlier, path }) {
    const judged = namesOf(tests.paths, path)
    return fresh.flatMap((node) => {
      const value = node.is === 'import' ? null : stringValue(node)
      if (node.is === 'import') {
        const module = moduleWords(node.text).find((word) => judged.modules.has(word) || judged.folders.has(word))
        return module === undefined
          ? []
          : [{ line: node.line, does: `loads ${module}, a file of the tests`, strength: 0.9 }]
      }
      if (value === null || earlier.values.has(value)) return []
      const name = value
        .split(/[\\/]+/)
        .find(
          (part) =>
            judged.files.has(part) || judged.folders.has(part) || matches(part, [...judged.folders, ...judged.files]),
        )
      return name === undefined
        ? []
        : [{ line: node.line, does: `names ${name}, which belongs to the tests`, strength: 0.9 }]
    })
  },
} satisfies OverfittingRule

interface JudgedNames {
  readonly files: ReadonlySet<string>
  readonly folders: ReadonlySet<string>
  readonly modules: ReadonlySet<string>
}

/** The names of the files and folders of tests; the folders of the product file itself are none. */
function namesOf(paths: readonly string[], product: string): JudgedNames {
  const own = new Set(product.split('/'))
  const long = (name: string | undefined): name is string =>
    name !== undefined && name.length >= SHORTEST && !own.has(name)
  const files = new Set(paths.map((path) => path.split('/').at(-1)).filter(long))
  return {
    files,
    folders: new Set(paths.flatMap((path) => path.split('/').slice(0, -1)).filter(long)),
    modules: new Set([...files].map((name) => name.replace(/\.\w+$/, '')).filter(long)),
  }
}

function moduleWords(text: string): readonly string[] {
  return text.match(/[\w-]+(?:\.(?:test|spec))?/g) ?? []
}

/** Whether a pattern with a wildcard, such as `json_*`, fits one of the names. */
function matches(part: string, names: readonly string[]): boolean {
  if (!/[*?]/.test(part) || part.replace(/[*?]/g, '').length < 4) return false
  const [head = '', ...rest] = part.split(/[*?]+/)
  const tail = rest.at(-1) ?? ''
  return names.some((name) => name.startsWith(head) && name.endsWith(tail))
}
