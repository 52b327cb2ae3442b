import { isSourceFile } from '../paths/index.ts'

/** More files than this are not read as data of the failing tests. */
const MOST_DATA = 20
const DOCUMENT = /\.(?:md|rst|adoc|html?)$|(?:^|\/)(?:readme|changelog|licen[cs]e)[^/]*$/i

/**
 * The data files that belong to the failing tests, as far as names show it: the tests name them, or they have the name of a
 * failing test or of a changed file. `texts`: what the failing tests' files hold.
 */
export function testData(
  files: readonly string[],
  named: readonly string[],
  texts: readonly string[],
): readonly string[] {
  const stems = new Set(named.map(stemOf))
  const words = new Set(texts.flatMap((text) => text.match(/[\w.-]+/g) ?? []))
  return files
    .filter((path) => !isSourceFile(path) && !DOCUMENT.test(path) && !named.includes(path))
    .filter((path) => stems.has(stemOf(path)) || words.has(nameOf(path)))
    .slice(0, MOST_DATA)
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** 'tests/test_area.py' → 'area' */
function stemOf(path: string): string {
  const [stem = ''] = nameOf(path).toLowerCase().split('.')
  return stem.replace(/^tests?[_-]|[_-]?(?:tests?|spec)$/g, '')
}
