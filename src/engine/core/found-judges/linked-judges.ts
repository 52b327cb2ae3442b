import type { TreeEntry } from '../../model/change.ts'
import type { FoundJudge } from '../../model/found-judge.ts'
import type { JudgeClassifier } from '../judges/index.ts'
import { isSourceFile } from '../paths/index.ts'

const MOST_LINKS = 1_000
/** As many links as Linux follows for one path. */
const MOST_HOPS = 40

/** The paths of symlinks → where they lead, as it is written there. */
type Links = ReadonlyMap<string, string>

/**
 * What symlinks that are judges by their names lead to, also by other links: `tests/data -> ../shared` makes the data in
 * `shared` a judge. Source that is reached through a link may be the product, so it only counts if the link itself has the name
 * of a test file. `read`: the target of a link, by its blob id.
 */
export async function linkedJudges(
  files: readonly TreeEntry[],
  judgeOf: JudgeClassifier,
  read: (oid: string) => Promise<Uint8Array>,
): Promise<FoundJudge[]> {
  const all = files.filter(({ mode }) => mode === '120000')
  const judges = all.filter(({ path }) => judgeOf(path) !== null).slice(0, MOST_LINKS)
  if (judges.length === 0) return []
  const others = all.filter(({ path }) => judgeOf(path) === null).slice(0, MOST_LINKS)
  const text = async ({ path, oid }: TreeEntry) => [path, new TextDecoder().decode(await read(oid))] as const
  const links = new Map(await Promise.all([...judges, ...others].map(text)))
  const known = new Map<string, readonly TreeEntry[]>()
  const at = (target: string) => {
    const there = known.get(target) ?? files.filter(({ path }) => path === target || path.startsWith(`${target}/`))
    known.set(target, there)
    return there
  }
  const found = new Map<string, FoundJudge>()
  for (const { path: link } of judges) {
    const isTestFile = judgeOf(link.slice(link.lastIndexOf('/') + 1)) !== null
    for (const { path, mode } of reachedFrom(link, links, at))
      if (mode.startsWith('100') && judgeOf(path) === null && (isTestFile || !isSourceFile(path)))
        found.set(path, { path, judge: 'test', why: `the link ${link} leads to it` })
  }
  return [...found.values()]
}

/** The files to which a link leads, and those to which links among them lead. `at`: the files at a path and below it. */
function reachedFrom(link: string, links: Links, at: (target: string) => readonly TreeEntry[]): readonly TreeEntry[] {
  const reached: TreeEntry[] = []
  const open = [link]
  const seen = new Set<string>()
  for (const one of open) {
    const target = resolved(one, links)
    if (target === null || seen.has(target) || seen.size >= MOST_HOPS) continue
    seen.add(target)
    const there = at(target)
    reached.push(...there)
    open.push(...there.flatMap(({ path }) => (links.has(path) ? [path] : [])))
  }
  return reached
}

/** The path from the top at which a link ends, with every link on the way followed; null: out of the tree, or to its whole. */
function resolved(link: string, links: Links): string | null {
  const parts: string[] = []
  const rest = link.split('/')
  for (let hops = 0; rest.length > 0; ) {
    const part = rest.shift() ?? ''
    if (part === '..' && parts.pop() === undefined) return null
    if (part === '..' || part === '.' || part === '') continue
    const target = links.get([...parts, part].join('/'))
    if (target === undefined) parts.push(part)
    else if (target.startsWith('/') || ++hops > MOST_HOPS) return null
    else rest.unshift(...target.split('/'))
  }
  return parts.length === 0 ? null : parts.join('/')
}
