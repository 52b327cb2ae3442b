import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const TOP = join(import.meta.dirname, '..', '..')
const PARTS = ['package.json', 'README.md', 'LICENSE', 'bin', 'contrib', 'dist', 'docs', 'man']
/** Installations of older builds are removed after so long; ms. */
const KEPT = 24 * 3600 * 1000

/**
 * A prefix into which the package was packed and installed as users do it, so that tests run what is shipped: outside of the
 * checkout, whose packages it must not find, and readable for every user. Made once for a build; test files that run at the same
 * time share it.
 */
export function installed(): string {
  const shelf = join(tmpdir(), `git-pp-installed-${process.getuid?.() ?? 'user'}`)
  mkdirSync(shelf, { recursive: true, mode: 0o755 })
  if (lstatSync(shelf).uid !== (process.getuid?.() ?? lstatSync(shelf).uid))
    throw new Error(`${shelf} is somebody else's`)
  const prefix = join(shelf, contentDigest())
  if (!existsSync(prefix)) {
    removeOld(shelf)
    install(shelf, prefix)
  }
  return prefix
}

function contentDigest(): string {
  const hash = createHash('sha256')
  for (const part of PARTS) {
    const names = lstatSync(join(TOP, part)).isDirectory() ? readdirSync(join(TOP, part), { recursive: true }) : ['']
    for (const file of names.map((name) => join(TOP, part, String(name))).sort())
      if (lstatSync(file).isFile()) hash.update(`${file}\0`).update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex').slice(0, 32)
}

/** Under a name of its own first: of two processes that install at once, one is thrown away. */
function install(shelf: string, prefix: string): void {
  const making = mkdtempSync(join(shelf, 'making-'))
  const old = process.umask(0o022)
  try {
    const quiet = { cwd: TOP, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] } as const
    const [{ filename }] = JSON.parse(
      execFileSync(
        'npm',
        ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', making],
        quiet,
      ),
    )
    const made = join(making, 'prefix')
    execFileSync(
      'npm',
      ['install', '-g', '--offline', '--loglevel=warn', '--prefix', made, join(making, filename)],
      quiet,
    )
    try {
      renameSync(made, prefix)
    } catch (error) {
      if (!existsSync(prefix)) throw error
    }
  } finally {
    process.umask(old)
    rmSync(making, { recursive: true, force: true })
  }
}

function removeOld(shelf: string): void {
  for (const name of readdirSync(shelf)) {
    const path = join(shelf, name)
    if (Date.now() - lstatSync(path).mtimeMs > KEPT) rmSync(path, { recursive: true, force: true })
  }
}
