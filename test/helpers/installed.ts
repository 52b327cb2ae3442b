import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { refuseStaleBuild } from './stale-build.ts'

const TOP = join(import.meta.dirname, '..', '..')
const PARTS = ['package.json', 'README.md', 'LICENSE', 'bin', 'contrib', 'dist', 'docs', 'man']
/** In a prefix: what npm had to remark about the installation. */
export const SAID = 'npm-said'
/** Installations of older builds are removed after so long; ms. */
const KEPT = 24 * 3600 * 1000

/**
 * A prefix into which the package was packed and installed as users do it, so that tests run what is shipped: outside of the
 * checkout, whose packages it must not find, and readable for every user. Made once for a build; test files that run at the same
 * time share it.
 */
export function installed(): string {
  refuseStaleBuild(TOP)
  const installations = join(tmpdir(), `git-pp-installed-${process.getuid?.() ?? 'user'}`)
  mkdirSync(installations, { recursive: true, mode: 0o755 })
  if (lstatSync(installations).uid !== (process.getuid?.() ?? lstatSync(installations).uid))
    throw new Error(`${installations} is somebody else's`)
  const prefix = join(installations, contentDigest())
  if (!existsSync(prefix)) {
    removeOld(installations)
    install(installations, prefix)
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
function install(installations: string, prefix: string): void {
  const making = mkdtempSync(join(installations, 'making-'))
  const old = process.umask(0o022)
  try {
    const [{ filename }] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', making).stdout)
    const made = join(making, 'prefix')
    const { stderr } = npm('install', '-g', '--offline', '--prefix', made, join(making, filename))
    writeFileSync(join(made, SAID), stderr)
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

function npm(...args: readonly string[]): { readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: TOP, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stderr}`)
  return { stdout, stderr }
}

function removeOld(installations: string): void {
  for (const name of readdirSync(installations)) {
    const path = join(installations, name)
    if (Date.now() - lstatSync(path).mtimeMs > KEPT) rmSync(path, { recursive: true, force: true })
  }
}
