import { pathOf, type TreeObjectEntry } from '../core/gitobject/index.ts'
import { applyPatchSection, readSections } from '../core/gitpatch/index.ts'
import { byteString, bytesOf, splitLines } from '../core/patch/index.ts'
import { parentsOf } from '../core/paths/index.ts'
import type { Edit, Edits } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import type { GitContext } from './git-context.ts'
import { isPlainPath } from './plain-path.ts'

/** In bytes. Larger files and patches are left to git. */
const MOST = 16 * 1024 * 1024

type TextSection = Exclude<ReturnType<typeof readSections>, string>[number]

/** The objects of a repository, see `GitContext`. */
type PatchedObjects = Pick<GitContext, 'tree' | 'cat'>

/**
 * The files that a patch changes, if it is of the simplest kind: text of regular files, each hunk at the lines that it names.
 * Null if git has to decide; what is accepted here, git accepts with the same result.
 */
export async function patchedFiles(objects: PatchedObjects, tree: Oid, patch: Uint8Array): Promise<Edits | null> {
  const sections = patch.length === 0 || patch.length > MOST ? '' : readSections(patch)
  if (typeof sections === 'string') return null
  const edits = new Map<string, Edit>()
  for (const section of sections) {
    const path = pathOf(bytesOf(section.path))
    const edit = isPlainPath(path)
      ? await editOf(objects, section, await standingAt(objects, tree, section.path))
      : undefined
    if (edit === undefined) return null
    edits.set(path, edit)
  }
  const isFolder = (path: string) => parentsOf(path).some((parent) => edits.has(parent))
  return [...edits.keys()].some(isFolder) ? null : edits
}

/** What stands at a path of a tree: a file, nothing, or something that a new file would replace. */
type Standing = Pick<TreeObjectEntry, 'mode' | 'oid'> | 'nothing' | 'in the way'

/** `path` has one character for each byte. */
async function standingAt({ tree: read }: PatchedObjects, root: Oid, path: string): Promise<Standing> {
  const names = path.split('/')
  let tree = root
  for (const [at, name] of names.entries()) {
    const entry = (await read(tree)).find((one) => one.name.toString('latin1') === name)
    const isLast = at === names.length - 1
    if (entry === undefined) return 'nothing'
    if ((entry.mode === '040000') === isLast) return 'in the way'
    if (isLast) return entry
    tree = entry.oid
  }
  return 'in the way'
}

/** The edit of one section; undefined if git has to decide. */
async function editOf({ cat }: PatchedObjects, section: TextSection, standing: Standing): Promise<Edit | undefined> {
  const { modes, body } = section
  if (standing === 'in the way' || body.length === 0 || body[0] === 'GIT binary patch') return undefined
  const [old, young] = modes
  const mode = regularMode(standing === 'nothing' ? young : standing.mode)
  const isNew = old === '000000'
  if (mode === null || isNew !== (standing === 'nothing')) return undefined
  if (!isNew && young !== '000000' && [old, young].some((told) => told !== '' && told !== mode)) return undefined
  const before =
    standing === 'nothing' ? new Uint8Array() : await cat.read(standing.oid, 'blob', MOST).catch(() => null)
  if (before === null || !endsAsGitAsks(body, before)) return undefined
  const patched = applyPatchSection(section, before, () => null)
  if (!patched.ok) return undefined
  if (young !== '000000') return { bytes: patched.bytes, mode }
  return patched.bytes.length === 0 ? null : undefined
}

function regularMode(mode: string): '100644' | '100755' | null {
  return mode === '100644' || mode === '100755' ? mode : null
}

/** Git takes a hunk without unchanged lines at its end for the end of the file (git, apply.c, match_end). */
function endsAsGitAsks(body: readonly string[], before: Uint8Array): boolean {
  const lines = splitLines(byteString(before)).length
  const text = body.filter((line) => !line.startsWith('\\ '))
  return text.every((line, at) => {
    const isEnd = at > 2 && (text[at + 1]?.startsWith('@@ ') ?? true)
    if (!isEnd || line.startsWith(' ')) return true
    const header = text.slice(0, at).findLast((one) => one.startsWith('@@ ')) ?? ''
    const [, start = '0', count = '1'] = /^@@ -(\d+)(?:,(\d+))? /.exec(header) ?? []
    return Number(start) + Number(count) - (count === '0' ? 0 : 1) === lines
  })
}
