import { isCodex } from './codex.ts'
import type { FileDraft } from './file-draft.ts'
import { pathWords } from './path-hints.ts'
import type { ReplyBlock } from './reply-blocks.ts'
import { isSearchReplace, replacement } from './search-replace.ts'
import { isUnified } from './unified.ts'

const OLD = '(?:search|find|before|old|original|current|currently|existing|replace|change|from)'
const YOUNG =
  '(?:replace|replacement|with|to|by|after|new|updated|fixed|corrected|modified|suggested|suggestion|proposed|proposal|improved|revised|should (?:be|read|become)|replace with|change to)'
const WHAT = '(?: (?:this|the|code|lines?|version|block|text|it|change|one|state))*'
const label = (words: string): RegExp => new RegExp(`(?:^|[ ,])${words}${WHAT}$`, 'i')
const IS_OLD = label(OLD)
const IS_YOUNG = label(YOUNG)

/**
 * The pairs of a reply whose code blocks are all 'before' and 'after', as the line above each says; null if a block is
 * anything else.
 */
export function labelledPairs(blocks: readonly ReplyBlock[]): { draft: FileDraft; hints: readonly string[] }[] | null {
  const fences = blocks.filter(({ kind }) => kind === 'fence')
  const other = blocks.some((block) => block.kind === 'heredoc' || isDiff(block))
  if (other || fences.length === 0 || fences.length % 2 > 0 || fences.some(({ closed }) => !closed)) return null
  const pairs = fences.filter((_, at) => at % 2 === 0).map((old, at) => [old, fences[2 * at + 1] ?? old] as const)
  if (!pairs.every(([old, young]) => IS_OLD.test(labelOf(old)) && IS_YOUNG.test(labelOf(young)))) return null
  return pairs.map(([old, young]) => {
    const own = ownHint(old, young)
    const [before, after] = [old, young].map(({ lines }) => (own === null ? lines : lines.slice(1)))
    return {
      draft: replacement(before ?? [], after ?? [], 'before and after', []),
      hints: [...(own === null ? [] : [own]), old.info, ...old.before],
    }
  })
}

/** The comment with a path that both blocks of a pair begin with; null if they do not. */
function ownHint(old: ReplyBlock, young: ReplyBlock): string | null {
  const [line = ''] = old.lines
  const isComment = /^\s*(?:#|\/\/|\/\*|<!--|--|;)/.test(line) && young.lines[0] === line
  return isComment && pathWords(line).length > 0 ? line : null
}

function isDiff(block: ReplyBlock): boolean {
  return isUnified(block) || isCodex(block.lines) || isSearchReplace(block.lines)
}

/** The line above a block without its marks, and without the place that it names. */
function labelOf({ before }: ReplyBlock): string {
  return (before[0] ?? '')
    .slice(-200)
    .replace(/\([^()]*\)/g, '')
    .replace(/(?<=\w)[*_`]* (?:in|of|from|at) `?[\w./-]+\.\w+`?(?=[*_:\s]*$)/, '')
    .replace(/[`*_#>:.]+/g, '')
    .trim()
}
