import { unquotePath } from './quote.ts'

/** Code points that HFS+ drops from names, so that '.g\u200cit' is '.git' there. */
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g
const MAX_PATH = 4096

/** Why this path must never be touched, or null. Looks at the path alone; links and the policy are looked at elsewhere. */
export function unsafePath(path: string): string | null {
  if (path === '' || path.length > MAX_PATH) return 'is empty or too long'
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'holds a control character'
  if (path.includes('\\')) return 'holds a backslash'
  if (path.startsWith('/') || path.startsWith('~') || /^[a-z]:/i.test(path)) return 'is not relative to the work tree'
  if (/\p{Cs}/u.test(path)) return 'is not valid Unicode'
  if (path.endsWith('/')) return 'names a directory'
  for (const part of path.split('/')) {
    if (part === '..') return "has a '..' in it"
    if (isDotGit(part)) return 'leads into .git'
  }
  return null
}

/**
 * '.git' in any spelling that a file system may accept: case, ignored code points, NTFS short names, streams, trailing dots
 * and blanks.
 */
function isDotGit(part: string): boolean {
  const plain = (part.replace(IGNORED_BY_HFS, '').split(':')[0] ?? '').replace(/[. ]+$/, '').toLowerCase()
  return plain === '.git' || /^git~\d+$/.test(plain)
}

/** The path as git writes it: without '.' and empty components. Only for paths that `unsafePath` accepts. */
export function plainPath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

/**
 * The path that a '---', '+++' or 'Index:' line names, without quotes, dates and labels; every spelling of "no file" becomes
 * '/dev/null'.
 */
export function headerPath(text: string): string {
  const untimed = text.replace(/\t.*$/s, '').trim()
  if (/^["'`]?(?:(?:[ab]\/)?\/?dev\/null|nul)["'`]?$/i.test(untimed)) return '/dev/null'
  if (untimed.startsWith('"')) {
    const bytes = unquotePath(untimed)
    if (bytes !== null) return utf8(bytes)
  }
  return untimed
    .replace(/\s+\d{4}-\d\d-\d\d[ T]\d\d:\d\d.*$/, '')
    .replace(/\s+\((?:[^()/]*)\)$/, '')
    .replace(/^(["'`*]+)(.*)\1$/, '$2')
}

/** Quoted names may hold characters as they are or the bytes of UTF-8 as escapes. */
function utf8(name: string): string {
  if (!/^[\u0000-\u00ff]*$/.test(name)) return name
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(name, (c) => c.charCodeAt(0)))
  } catch {
    return name
  }
}
