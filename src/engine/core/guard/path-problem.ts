/** What is wrong with the spelling of a path: a stable word and a sentence. */
export interface PathProblem {
  readonly rule: 'path' | 'git-directory' | 'control-file'
  readonly why: string
}

const MAX_COMPONENT_BYTES = 255
const MAX_PATH_BYTES = 4096
const MAX_COMPONENTS = 100

/** Control characters, and characters that reverse text or break lines where a report shows them. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** Characters that HFS+ ignores when it compares names (git, utf8.c, next_hfs_char). */
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

/**
 * Short names that Windows gives: the first six letters and ~1 to ~4, or, when those are taken, two letters and a hash
 * (git, path.c, is_ntfs_dot_generic).
 */
const SHORT_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^git~\d+$/, '.git'],
  [/^(?:gitmod|gi7eba)~\d+$/, '.gitmodules'],
  [/^(?:gitatt|gi7d29)~\d+$/, '.gitattributes'],
  [/^lfscon~\d+$/, '.lfsconfig'],
  [/^worktr~\d+$/, '.worktreeinclude'],
]

/** Files that tell git or git pp what to run or to copy. */
const CONTROL_FILES = new Set(['.gitattributes', '.gitmodules', '.lfsconfig', '.worktreeinclude'])

/**
 * A component as the least strict file system reads it: without case, compatibility forms, ignorable code points, stream
 * names, trailing dots and blanks; short names are written out.
 */
export function foldPathComponent(component: string): string {
  const folded = component.normalize('NFKC').replace(HFS_IGNORED, '').toLowerCase()
  const name = (folded.split(':')[0] ?? '').replace(/[. ]+$/, '')
  return SHORT_NAMES.find(([short]) => short.test(name))?.[1] ?? name
}

/** Why no change may have this path, whatever a policy says; null for an ordinary path. */
export function pathProblem(path: string): PathProblem | null {
  const wrong = (why: string): PathProblem => ({ rule: 'path', why })
  const parts = path.split('/')
  if (path === '') return wrong('the path is empty')
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return wrong('the path is absolute')
  if (parts.some((part) => part === '..' || part === '.')) return wrong('the path has "." or ".." in it')
  if (parts.some((part) => part === '')) return wrong('the path has an empty part')
  if (path.includes('\\')) return wrong('the path has a backslash')
  if (INVISIBLE.test(path)) return wrong('the path has a control character or a line break')
  if (/[\ufffd\p{Surrogate}]/u.test(path)) return wrong('the path is not UTF-8')
  if (byteLength(path) > MAX_PATH_BYTES) return wrong(`the path is longer than ${MAX_PATH_BYTES} bytes`)
  if (parts.some((part) => byteLength(part) > MAX_COMPONENT_BYTES))
    return wrong(`a name in the path is longer than ${MAX_COMPONENT_BYTES} bytes`)
  if (parts.length > MAX_COMPONENTS) return wrong(`the path is more than ${MAX_COMPONENTS} directories deep`)
  const names = parts.map(foldPathComponent)
  if (names.includes('.git'))
    return { rule: 'git-directory', why: 'some file systems take a name in the path for .git' }
  const control = names.find((name) => CONTROL_FILES.has(name))
  return control ? { rule: 'control-file', why: `${control} controls what git or git pp does` } : null
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}
