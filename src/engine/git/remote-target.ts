import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { PpError } from '../model/error.ts'
import { type GitConfig, lastValueOf } from './config.ts'

/** A remote: what git is told, and the name under which it is stored and shown. */
export interface RemoteTarget {
  /** A configured name, a URL or a path. */
  readonly word: string
  /** A name that can be part of a ref; contains no password. */
  readonly name: string
  readonly configured: boolean
}

/** The names of the remotes in git's configuration. */
export function configuredRemotes(config: GitConfig): readonly string[] {
  const names = [...config.keys()].flatMap((key) => /^remote\.(.+)\.(?:url|pushurl)$/s.exec(key)?.[1] ?? [])
  return [...new Set(names)]
}

/** Whether a word is an absolute path, a relative path, a path below the home directory, a URL with a scheme, or `host:path`. */
export function looksLikeUrl(word: string): boolean {
  return /^(\.{0,2}\/|\.{1,2}$|~|[^/\s]+:)/.test(word)
}

/** The remote that git itself would take: of the branch, the default one, the only one, origin. Null: there is none. */
export function defaultRemote(config: GitConfig, branch: string | null, to: 'fetch' | 'push'): string | null {
  const names = configuredRemotes(config)
  const ofBranch = (key: string) => (branch === null ? null : lastValueOf(config, `branch.${branch}.${key}`))
  const push = to === 'push' ? [ofBranch('pushremote'), lastValueOf(config, 'remote.pushdefault')] : []
  const only = names.length === 1 ? names[0] : 'origin'
  const said = [...push, ofBranch('remote'), only].find((name) => name && name !== '.')
  return said && (names.includes(said) || looksLikeUrl(said)) ? said : null
}

/** Throws USAGE for a word that is not a remote. */
export function remoteTargetOf(config: GitConfig, word: string, cwd: string): RemoteTarget {
  const names = configuredRemotes(config)
  const same =
    names.find((name) => name === word) ?? names.find((name) => lastValueOf(config, `remote.${name}.url`) === word)
  if (same !== undefined) return { word: same, name: isRefPart(same) ? same : slug(same), configured: true }
  if (word.startsWith('-') || !looksLikeUrl(word)) {
    const known = names.length === 0 ? 'no remote is configured' : `known: ${names.join(', ')}`
    throw new PpError('USAGE', `there is no remote ${word}; ${known}; you may also give a URL or a path like ./other`)
  }
  const isPath = /^\.{0,2}(\/|$)/.test(word)
  return { word, name: slug(withoutUser(isPath ? resolve(cwd, word) : word)), configured: false }
}

/** `https://user:secret@host/x` without `user:secret@`, in any text. */
export function withoutUser(text: string): string {
  return text.replace(/(\w:\/\/)[^\s/@]*@/g, '$1')
}

function isRefPart(name: string): boolean {
  const part = /^(?![.-])(?!.*(\.\.|@\{|\.lock$|\.$))[^\s~^:?*[\\/\p{Cc}]+$/u
  return name.split('/').every((one) => part.test(one))
}

/** A name for refs: the readable part of the address, and a digest that distinguishes the rest. */
function slug(address: string): string {
  const readable = address
    .replace(/^\w+:\/\//, '')
    .replace(/\.git\/?$/, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return `${readable.slice(-60).replace(/^-+/, '')}-${createHash('sha256').update(address).digest('hex').slice(0, 8)}`
}
