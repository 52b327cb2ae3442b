import type { Change } from '../../model/change.ts'
import { pathBytes } from '../gitobject/index.ts'
import { byteString, samePath, splitLines, unquotePath } from '../patch/index.ts'

/** What one section of a patch says about one path; a path has one character for each byte. '' if it does not say. */
export interface PatchSection {
  readonly path: string
  readonly modes: readonly [string, string]
  readonly oids: readonly [string, string]
  /** What follows the header: hunks or a binary patch, without line ends. */
  readonly body: readonly string[]
}

/**
 * The first way in which the sections of a git patch differ from the change of trees; null if they agree. Every change must
 * have exactly one section, with the same path, modes and full ids. The hunks are not looked at here; `applyPatchSection`
 * checks them.
 */
export function sectionsDifference(sections: readonly PatchSection[], changes: readonly Change[]): string | null {
  const left = new Map(changes.map((change) => [byteString(pathBytes(change.path)), change]))
  for (const section of sections) {
    const change = left.get(section.path)
    if (!change) return `the patch changes ${JSON.stringify(section.path)}, which is the same in both trees`
    left.delete(section.path)
    const wrong = differs(section, change)
    if (wrong) return `${JSON.stringify(change.path)}: the ${wrong} in the patch differs from the trees`
  }
  const [missing] = left.values()
  return missing ? `${JSON.stringify(missing.path)} differs between the trees, but the patch does not change it` : null
}

const NOTHING = { mode: '000000', oid: '' }

function differs({ modes, oids }: PatchSection, { before, after }: Change): 'mode' | 'id' | null {
  const [was, is] = [before ?? NOTHING, after ?? NOTHING]
  if (modes[0] !== was.mode || modes[1] !== is.mode) {
    // A section that changes only the mode, or only the content, leaves out the part that stays the same.
    const untold = modes[0] === '' && modes[1] === '' && was.mode === is.mode && was.oid === is.oid
    if (!untold) return 'mode'
  }
  if (oids[0] === '' && oids[1] === '') return was.oid === is.oid ? null : 'id'
  const same = (told: string, oid: string) => (oid === '' ? /^0+$/.test(told) : told === oid)
  return same(oids[0], was.oid) && same(oids[1], is.oid) ? null : 'id'
}

/**
 * The sections of a git patch without renames; every line belongs to a section, and each path has only one. Otherwise a
 * sentence about what is wrong.
 */
export function readSections(patch: Uint8Array): PatchSection[] | string {
  const lines = splitLines(byteString(patch)).map((line) => line.replace(/\n$/, ''))
  const sections: PatchSection[] = []
  let at = 0
  while (at < lines.length) {
    const header = readHeader(lines, at)
    if (!header) return `line ${at + 1} of the patch belongs to no file`
    const end = skipBody(lines, header.end, header.section)
    if (end < 0) return `line ${-end} of the patch belongs to no file`
    if (sections.some(({ path }) => path === header.section.path))
      return `the patch changes one file twice: ${JSON.stringify(header.section.path)}`
    sections.push({ ...header.section, body: lines.slice(header.end, end) })
    at = end
  }
  return sections
}

function readHeader(
  lines: readonly string[],
  start: number,
): { section: Omit<PatchSection, 'body'>; end: number } | null {
  const path = samePath(/^diff --git (.*)$/s.exec(lines[start] ?? '')?.[1] ?? '')
  if (path === null) return null
  let at = start + 1
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(lines[at] ?? '')
    if (found) at += 1
    return found
  }
  const created = take(/^new file mode (\d{6})$/)?.[1]
  const deleted = take(/^deleted file mode (\d{6})$/)?.[1]
  const old = take(/^old mode (\d{6})$/)?.[1]
  const young = take(/^new mode (\d{6})$/)?.[1]
  const index = take(/^index ([0-9a-f]{40,64})\.\.([0-9a-f]{40,64})(?: (\d{6}))?$/)
  const stays = index?.[3] ?? ''
  const modes = [
    created ? NOTHING.mode : (deleted ?? old ?? stays),
    deleted ? NOTHING.mode : (created ?? young ?? stays),
  ] as const
  return { section: { path, modes, oids: [index?.[1] ?? '', index?.[2] ?? ''] }, end: at }
}

/** The line at which the next section starts; or minus the 1-based number of a line that belongs to no section. */
function skipBody(
  lines: readonly string[],
  start: number,
  { path, modes }: Pick<PatchSection, 'path' | 'modes'>,
): number {
  let at = start
  if (lines[at] === 'GIT binary patch') return skipBinary(lines, at + 1)
  if (lines[at]?.startsWith('--- ') !== true) return at
  for (const [mark, prefix, mode] of [
    ['--- ', 'a/', modes[0]],
    ['+++ ', 'b/', modes[1]],
  ] as const) {
    const text = lines[at]?.startsWith(mark) ? (lines[at] ?? '').slice(4) : ''
    const name = text.startsWith('"') ? unquotePath(text) : text.replace(/\t$/, '')
    if (name !== (mode === NOTHING.mode ? '/dev/null' : prefix + path)) return -(at + 1)
    at += 1
  }
  const first = at
  while (lines[at]?.startsWith('@@ ')) {
    const end = skipHunk(lines, at)
    if (end < 0) return end
    at = end
  }
  return at > first ? at : -(at + 1)
}

function skipHunk(lines: readonly string[], start: number): number {
  const head = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(lines[start] ?? '')
  if (!head) return -(start + 1)
  let [old, young] = [Number(head[1] ?? 1), Number(head[2] ?? 1)]
  let at = start + 1
  for (; old > 0 || young > 0; at++) {
    const sign = lines[at]?.charAt(0) ?? ''
    if (sign === '\\') continue
    if (sign !== ' ' && sign !== '-' && sign !== '+') return -(at + 1)
    if (sign !== '+') old -= 1
    if (sign !== '-') young -= 1
  }
  if (old < 0 || young < 0) return -at
  return lines[at]?.startsWith('\\ ') ? at + 1 : at
}

/** Skips two blocks of base 85, forward and reverse; an empty line ends each. */
function skipBinary(lines: readonly string[], start: number): number {
  let at = start
  for (let block = 0; block < 2; block++) {
    if (!/^(literal|delta) \d+$/.test(lines[at] ?? '')) return -(at + 1)
    at += 1
    while (/^[A-Za-z][0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]+$/.test(lines[at] ?? '')) at += 1
    if (lines[at] !== '') return -(at + 1)
    at += 1
  }
  return at
}
