import { escapeRegExp, type InvalidReason, type RunConditions } from './run-conditions.ts'

interface ModulePattern {
  readonly pattern: RegExp
  /** The part of a name that a package manager knows; null = it belongs to the repository itself. */
  readonly root: (name: string) => string | null
  readonly mend: (name: string) => string
}

const PIP = () => 'install it into .venv and add --include .venv, or install it with worktree.setup in pp.yaml'
const NPM = () => 'install it into node_modules, or install it with worktree.setup in pp.yaml: setup: "npm ci"'

/** '@scope/name/deep' → '@scope/name'; paths, aliases and builtin modules are not packages. */
function packageOf(name: string): string | null {
  if (/^(?:[./~#]|@\/|file:|node:|[A-Za-z]:\\)/.test(name)) return null
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

const MODULES: readonly ModulePattern[] = [
  { pattern: /\bNo module named '?([\w.]+)'?/g, root: (name) => name.split('.')[0] ?? null, mend: PIP },
  { pattern: /\bCannot find (?:module|package) '([^'\n]+)'/g, root: packageOf, mend: NPM },
  { pattern: /(?:Failed to resolve import|Can't resolve) ["']([^"'\n]+)["']/g, root: packageOf, mend: NPM },
  {
    pattern: /\b(?:no required module provides package|cannot find module providing package) ([^\s;:]+)/g,
    root: (name) => name,
    mend: (name) => `add it to go.mod (go get ${name}), or vendor it`,
  },
  {
    pattern: /\b(?:cannot load such file -- ([\w./-]+)|Could not find gem '([\w-]+))/g,
    root: (name) => (/^[./]/.test(name) ? null : (name.split('/')[0] ?? null)),
    mend: () => 'install it with worktree.setup in pp.yaml: setup: "bundle install"',
  },
  {
    pattern: /(?:can't find crate for|maybe a missing crate|no matching package named) `(\w+)/g,
    root: (name) => name,
    mend: (name) => `add it with cargo add ${name}, and fetch it with worktree.setup in pp.yaml: setup: "cargo fetch"`,
  },
]

/**
 * Whether a chained exception ends with something other than a failed import: then the code handled the import failure, and
 * something else went wrong.
 */
function recovered(text: string): boolean {
  const last = text.split('\n').findLast((line) => /^(?:E\s+)?[\w.]*(?:Error|Exception)\b/.test(line)) ?? ''
  return (
    /another exception occurred:|direct cause of the following/.test(text) && !/Import|Module|named|load/.test(last)
  )
}

/**
 * Whether a name belongs to the repository. '@scope/name' may be a directory called name; a Go package is own if a package of
 * the same module is being tested.
 */
function isOwn(name: string, text: string, hasModule: RunConditions['hasModule']): boolean {
  if (name.startsWith('@')) return hasModule(name.slice(name.indexOf('/') + 1))
  if (!/^[\w-]+\.[\w.-]+\//.test(name)) return false
  const module = name
    .split('/')
    .slice(0, /^(?:github|gitlab|bitbucket)\./.test(name) ? 3 : 2)
    .join('/')
  return new RegExp(`^(?:FAIL|ok)\\s+${escapeRegExp(module)}(?:/|\\s)`, 'm').test(text)
}

/** The first module that is missing; also null if one of the missing modules may belong to the repository. */
export function missingModule(text: string, { hasModule }: RunConditions): InvalidReason | null {
  if (recovered(text)) return null
  let missing: InvalidReason | null = null
  for (const { pattern, root, mend } of MODULES)
    for (const match of text.matchAll(pattern)) {
      const name = match.slice(1).find(Boolean) ?? ''
      const top = root(name)
      if (top === null || hasModule(top) || isOwn(top, text, hasModule)) return null
      missing ??= { reason: `a module is missing: ${top}`, mend: mend(top) }
    }
  return missing
}
