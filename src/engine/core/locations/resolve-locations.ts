import type { LocationRole, OutputLocation } from './output-location.ts'

export interface PathRoots {
  /** Absolute path of the work tree as the command saw it, without a trailing slash; if it is missing, it is inferred. */
  readonly root?: string
  /** Where the command ran, relative to the top; '' = the top. */
  readonly cwd?: string
}

const FOREIGN =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|\.venv|venv|\.tox|\.cargo|rustc|\.rustup|\.pyenv|\.pnpm|\.yarn|bower_components|gems)\/|\/pkg\/mod\/|\/lib\/(?:python|ruby|node|go)|^\/usr\/|^\/nix\/|^node:/

/**
 * The places that are in tracked files, with paths relative to the top: failures first, then frames, then causes, each place
 * once. Places that could be in more than one file, or are outside, are left out.
 */
export function resolveLocations(
  found: readonly OutputLocation[],
  tracked: readonly string[],
  around: PathRoots = {},
): OutputLocation[] {
  const files = indexOf(tracked)
  const tree: TrackedFileIndex = {
    files,
    roots: rootsOf(found, files, around.root),
    cwd: around.cwd ?? '',
    known: new Set(),
  }
  const blank = tracked.filter((path) => path.includes(' '))
  const cache = new Map<string, string | null>()
  const pathOf = ({ path: printed, within, text }: OutputLocation): string | null => {
    const whole = withBlanks(printed, text, blank)
    if (whole !== null) return whole
    const key = `${within ?? ''}\0${printed}`
    const cached = cache.get(key)
    if (cached !== undefined) return cached
    const path = find(printed, within, tree)
    if (path !== null) tree.known.add(path)
    cache.set(key, path)
    return path
  }
  // Longer paths first: a bare file name then means the file of that name that was already found.
  for (const one of [...found].sort((a, b) => depth(b.path) - depth(a.path))) pathOf(one)
  const placed = found.flatMap((one) => {
    const path = pathOf(one)
    if (path !== null) return [{ ...one, path }]
    const source = sourceOf(clean(one.path), files)
    return source === null ? [] : [{ ...one, path: source, line: null, column: null, role: 'frame' as const }]
  })
  return unique(promoted(placed))
}

function depth(path: string): number {
  return path.split(/[\\/]/).length
}

type PathIndex = ReadonlyMap<string, readonly string[]>

interface TrackedFileIndex {
  readonly files: PathIndex
  /** Absolute paths of the top, without a trailing slash. */
  readonly roots: readonly string[]
  readonly cwd: string
  /** Tracked files that were already found in the output. */
  readonly known: Set<string>
}

function indexOf(tracked: readonly string[]): PathIndex {
  const files = new Map<string, string[]>()
  for (const path of tracked) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const same = files.get(name)
    if (same) same.push(path)
    else files.set(name, [path])
  }
  return files
}

function sameName(path: string, files: PathIndex): readonly string[] {
  return files.get(path.slice(path.lastIndexOf('/') + 1)) ?? []
}

/** A printed path with forward slashes, without scheme and query. */
function clean(printed: string): string {
  const path = printed
    .replaceAll('\\', '/')
    .replace(/^(?:file|webpack(?:-internal)?):/, '')
    .replace(/[?#].*$/, '')
  // webpack://name/./x.js and webpack-internal:///(layer)/./x.js; the scheme was removed before, since a colon ends a path.
  return path.startsWith('//')
    ? path.replace(/^\/\/[^/]{0,200}\/(?:\([\w-]{1,60}\)\/)?\.\//, '').replace(/^\/+/, '/')
    : path
}

/** A path relative to another, without '.' and '..'; steps above the top are dropped. */
function joined(base: string, path: string): string {
  const parts: string[] = []
  for (const part of `${base}/${path}`.split('/'))
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  return parts.join('/')
}

/** The given root; if no place is in it, the inferred one, because a container may have the work tree elsewhere. */
function rootsOf(found: readonly OutputLocation[], files: PathIndex, root: string | undefined): readonly string[] {
  const absolute = [...new Set(found.map(({ path }) => clean(path)))].filter(isAbsolute)
  if (root !== undefined && absolute.some((path) => path.startsWith(`${root}/`))) return [root]
  const inferred = inferRoot(absolute, files)
  return [root, inferred].flatMap((one) => one ?? [])
}

/** The directory that most absolute paths have before a tracked path. */
function inferRoot(absolute: readonly string[], files: PathIndex): string | undefined {
  const votes = new Map<string, number>()
  for (const path of absolute) {
    if (FOREIGN.test(path)) continue
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

/** The path below the top. A path in none of the roots may still be relative to the top, as browsers print it. */
function inside(path: string, roots: readonly string[]): string {
  const root = roots.find((one) => path.startsWith(`${one}/`))
  return joined('', root === undefined ? path : path.slice(root.length + 1))
}

function find(
  printed: string,
  within: string | undefined,
  { files, roots, cwd, known }: TrackedFileIndex,
): string | null {
  const path = clean(printed)
  const same = sameName(path, files)
  if (same.length === 0) return null
  if (isAbsolute(path)) return same.find((file) => file === inside(path, roots)) ?? null
  const bases = within === undefined ? [cwd] : [isAbsolute(within) ? inside(within, roots) : joined(cwd, within), cwd]
  const exact = [...bases, ''].map((base) => joined(base, path)).find((one) => same.includes(one))
  if (exact !== undefined) return exact
  if (FOREIGN.test(path)) return null
  const plain = joined('', path)
  const longer = same.filter((file) => file.endsWith(`/${plain}`))
  const candidates = longer.length > 0 ? longer : same.filter((file) => isTail(file, plain))
  if (candidates.length <= 1) return candidates[0] ?? null
  const mentioned = candidates.filter((file) => known.has(file))
  return mentioned.length === 1 ? (mentioned[0] ?? null) : null
}

/**
 * Whether a printed path ends with this file, after a Go import path or the name of the project's directory. At least two
 * components must agree.
 */
function isTail(file: string, path: string): boolean {
  return path.endsWith(`/${file}`) && (file.includes('/') || /^[\w-]+\.[\w.-]+\//.test(path))
}

/** The full name of a file with blanks. Patterns stop at a blank, so the list of files is used to find the rest. */
function withBlanks(printed: string, text: string, blank: readonly string[]): string | null {
  if (!text.includes(` ${printed}`)) return null
  const whole = blank.filter((file) => file.endsWith(` ${printed}`) && text.includes(file))
  return whole.sort((a, b) => b.length - a.length)[0] ?? null
}

const BUILT = /(?:^|\/)(?:dist|build|out|lib|esm|cjs)\/(?:.{0,300}\/)?([^/]+)\.[cm]?jsx?$/
const WRITTEN = ['ts', 'tsx', 'mts', 'cts', 'jsx', 'js', 'mjs']

/** The only file in src that a file of the build was made from; the line numbers differ. */
function sourceOf(path: string, files: PathIndex): string | null {
  const name = BUILT.exec(path)?.[1]
  if (name === undefined || FOREIGN.test(path)) return null
  const written = WRITTEN.flatMap((ending) => files.get(`${name}.${ending}`) ?? [])
  const sources = written.filter((file) => {
    const tail = /(?:^|\/)src\/(.+)\.\w+$/.exec(file)?.[1]
    return tail !== undefined && path.replace(/\.\w+$/, '').endsWith(`/${tail}`)
  })
  return sources.length === 1 ? (sources[0] ?? null) : null
}

/** After foreign frames are removed, the innermost remaining frame of each trace is where the project's own code failed. */
function promoted(placed: readonly OutputLocation[]): OutputLocation[] {
  const seen = new Set<number>()
  return placed.map((one) => {
    if (one.stack === null || one.line === null || seen.has(one.stack)) return one
    seen.add(one.stack)
    return { ...one, role: 'fail' }
  })
}

const ROLES: readonly LocationRole[] = ['fail', 'frame', 'cause']

/** Removes duplicates. A frame without a line is dropped if another place in the same file is known. */
function unique(placed: readonly OutputLocation[]): OutputLocation[] {
  const best = new Map<string, OutputLocation>()
  const named = new Set(placed.flatMap(({ path, line }) => (line === null ? [] : [path])))
  for (const role of ROLES)
    for (const one of placed) {
      const key = `${one.path}:${one.line}`
      if (one.role !== role || best.has(key) || (role === 'frame' && one.line === null && named.has(one.path))) continue
      best.set(key, one)
    }
  return [...best.values()]
}
