import type { TreeEntry } from '../../model/change.ts'
import type { FoundJudge } from '../../model/found-judge.ts'
import { isSourceFile } from '../paths/index.ts'
import type { JudgeClassifier } from './judge-classifier.ts'

const MOST_LINKS = 1_000

/**
 * What symlinks that are judges by their names lead to: `tests/data -> ../shared` makes the data in `shared` a judge. Source
 * that is reached through a link may be the product, so it only counts if the link itself has the name of a test file.
 * `read`: the target of a link, by its blob id.
 */
export async function linkedJudges(
  files: readonly TreeEntry[],
  judgeOf: JudgeClassifier,
  read: (oid: string) => Promise<Uint8Array>,
): Promise<FoundJudge[]> {
  const links = files.filter(({ mode, path }) => mode === '120000' && judgeOf(path) !== null).slice(0, MOST_LINKS)
  const found = new Map<string, FoundJudge>()
  for (const { path: link, oid } of links) {
    const target = resolved(link, new TextDecoder().decode(await read(oid)))
    if (target === null) continue
    const isTestFile = judgeOf(link.slice(link.lastIndexOf('/') + 1)) !== null
    for (const { path, mode } of files)
      if (mode.startsWith('100') && (path === target || isBelow(path, target)) && judgeOf(path) === null)
        if (isTestFile || !isSourceFile(path))
          found.set(path, { path, judge: 'test', why: `the link ${link} leads to it` })
  }
  return [...found.values()]
}

function isBelow(path: string, directory: string): boolean {
  return directory === '' || path.startsWith(`${directory}/`)
}

/** The path from the top that a link leads to; null: out of the tree, or to its whole. */
function resolved(link: string, target: string): string | null {
  if (target.startsWith('/')) return null
  const parts = link.split('/').slice(0, -1)
  for (const part of target.split('/')) {
    if (part === '..' && parts.pop() === undefined) return null
    if (part !== '..' && part !== '.' && part !== '') parts.push(part)
  }
  return parts.length === 0 ? null : parts.join('/')
}
