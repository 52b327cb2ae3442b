import type { Oid } from '../model/oid.ts'
import type { Objects } from '../ports/repository.ts'
import type { GitContext } from './git-context.ts'

/**
 * Those of `words` that stand as whole words in a file of a tree or in the path of one; none of several lines. The words may be
 * secrets, so they reach git on stdin. What git cannot read, as in a partial clone, holds no word.
 */
export async function wordsInTree(
  { plain, weigh }: Pick<GitContext, 'plain' | 'weigh'>,
  objects: Pick<Objects, 'list'>,
  tree: Oid,
  words: readonly string[],
): Promise<ReadonlySet<string>> {
  const lines = words.filter((word) => !/[\r\n\0]/.test(word))
  if (lines.length === 0) return new Set()
  await weigh(tree)
  const paths = (await objects.list(tree)).map(({ path }) => path).join('\n')
  const found = new Set(lines.filter((word) => standsIn(paths, word)))
  const stands = async (some: readonly string[]) => {
    const input = some.map((word) => `${word}\n`).join('')
    return (await plain.run([...GREP, '-f', '-', tree], { input })).status === 0
  }
  const left = lines.filter((word) => !found.has(word))
  // Usually no word stands there, and one search says so.
  if (left.length === 0 || !(await stands(left))) return found
  for (const word of left) if (left.length === 1 || (await stands([word]))) found.add(word)
  return found
}

const GREP = [
  'grep',
  '--quiet',
  '--fixed-strings',
  '--word-regexp',
  '--text',
  '--no-textconv',
  '--no-recurse-submodules',
]

function standsIn(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const around = `${text[at - 1] ?? ''}|${text[at + word.length] ?? ''}`
    if (!/\w/.test(around)) return true
  }
  return false
}
