import type { Location, Role } from '../locations.ts'

export interface Surroundings {
  /** Absolute path of the work tree as the command saw it, without a slash at the end; without it, it is inferred. */
  readonly root?: string
  /** Where the command ran, relative to the top; '' = the top. */
  readonly cwd?: string
}

const FOREIGN =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|\.venv|venv|\.tox|\.cargo|rustc|\.rustup|\.pyenv|\.pnpm|\.yarn|bower_components)\/|\/pkg\/mod\/|\/lib\/(?:python|ruby|node|go)|^\/usr\/|^\/nix\/|^node:/

/**
 * The places that lie in tracked files, their paths relative to the top: those that broke first, then frames, then causes,
 * each place once. What could be more than one file, or lies outside, is left out.
 */
export function resolve(found: readonly Location[], tracked: readonly string[], around: Surroundings = {}): Location[] {
  const files = indexOf(tracked)
  const root = around.root ?? inferRoot(found, files)
  const cache = new Map<string, string | null>()
  const known = new Set<string>()
  const pathOf = (printed: string) => {
    const cached = cache.get(printed)
    if (cached !== undefined) return cached
    const path = find(clean(printed), files, { root, cwd: around.cwd ?? '' }, known)
    if (path !== null) known.add(path)
    cache.set(printed, path)
    return path
  }
  // Longer spellings first: a bare name then means the file of that name that is known to be concerned.
  for (const path of [...new Set(found.map((one) => one.path))].sort((a, b) => depth(b) - depth(a))) pathOf(path)
  const placed = found.flatMap((one) => {
    const path = pathOf(one.path)
    return path === null ? [] : [{ ...one, path }]
  })
  return unique(promoted(placed))
}

function depth(path: string): number {
  return path.split(/[\\/]/).length
}

type Index = ReadonlyMap<string, readonly string[]>

function indexOf(tracked: readonly string[]): Index {
  const files = new Map<string, string[]>()
  for (const path of tracked) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const same = files.get(name)
    if (same) same.push(path)
    else files.set(name, [path])
  }
  return files
}

function sameName(path: string, files: Index): readonly string[] {
  return files.get(path.slice(path.lastIndexOf('/') + 1)) ?? []
}

/** A printed path with forward slashes, without scheme, query, './' and '../' at its start. */
function clean(printed: string): string {
  const path = printed
    .replaceAll('\\', '/')
    .replace(/^(?:file|webpack(?:-internal)?):/, '')
    .replace(/[?#].*$/, '')
  const plain = path.startsWith('//') ? path.replace(/^\/+(\.\/)?/, (_, relative) => (relative ? '' : '/')) : path
  return plain.replace(/\/\.(?=\/)/g, '').replace(/^(?:\.{1,2}\/)+/, '')
}

/** The directory that most absolute paths have before a tracked path. */
function inferRoot(found: readonly Location[], files: Index): string | undefined {
  const votes = new Map<string, number>()
  for (const printed of new Set(found.map((one) => one.path))) {
    const path = clean(printed)
    if (!isAbsolute(path) || FOREIGN.test(path)) continue
    for (const file of sameName(path, files))
      if (path.endsWith(`/${file}`)) {
        const root = path.slice(0, -file.length - 1)
        votes.set(root, (votes.get(root) ?? 0) + file.split('/').length)
      }
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0]
}

function isAbsolute(path: string): boolean {
  return /^(?:\/|[A-Za-z]:\/)/.test(path)
}

function find(
  path: string,
  files: Index,
  { root, cwd }: { readonly root: string | undefined; readonly cwd: string },
  known: ReadonlySet<string>,
): string | null {
  const same = sameName(path, files)
  if (same.length === 0) return null
  if (isAbsolute(path)) {
    const inside = root !== undefined && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path.slice(1)
    return same.includes(inside) ? inside : null
  }
  if (cwd !== '' && same.includes(`${cwd}/${path}`)) return `${cwd}/${path}`
  if (same.includes(path)) return path
  if (FOREIGN.test(path)) return null
  const longer = same.filter((file) => file.endsWith(`/${path}`))
  const candidates = longer.length > 0 ? longer : same.filter((file) => isTail(file, path))
  if (candidates.length <= 1) return candidates[0] ?? null
  const mentioned = candidates.filter((file) => known.has(file))
  return mentioned.length === 1 ? (mentioned[0] ?? null) : null
}

/** A Go import path before a file, or a name that the project's directory goes by: at least two parts must agree. */
function isTail(file: string, path: string): boolean {
  return path.endsWith(`/${file}`) && (file.includes('/') || /^[\w-]+\.[\w.-]+\//.test(path))
}

/** With the foreign frames gone, the innermost one left of each trace is where the project's own code broke. */
function promoted(placed: readonly Location[]): Location[] {
  const seen = new Set<number>()
  return placed.map((one) => {
    if (one.stack === null || seen.has(one.stack)) return one
    seen.add(one.stack)
    return { ...one, role: 'fail' }
  })
}

const ROLES: readonly Role[] = ['fail', 'frame', 'cause']

function unique(placed: readonly Location[]): Location[] {
  const best = new Map<string, Location>()
  for (const role of ROLES)
    for (const one of placed) {
      const key = `${one.path}:${one.line}`
      if (one.role === role && !best.has(key)) best.set(key, one)
    }
  return [...best.values()]
}
