import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import * as path from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { languages } from '../../src/engine/evidence/syntax/languages/index.generated.ts'
import { installed, SAID } from '../helpers/installed.ts'

const ROOT = path.join(import.meta.dirname, '..', '..')
const MODULES = path.join(installed(), 'lib', 'node_modules')
const PACKAGE = path.join(MODULES, 'git-pp')
const call = promisify(execFile)

interface Component {
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly licenses: readonly unknown[]
  readonly hashes: readonly unknown[]
}

test('an install gives git a command and a manual page, and npm has nothing to warn of', async (t) => {
  const env = { ...process.env, PATH: `${installed()}/bin:${process.env['PATH']}` }
  t.regex((await call('git', ['pp', '--version'], { env })).stdout, /^git-pp /)
  t.regex((await call('pp', ['--version'], { env })).stdout, /^git-pp /)
  t.notRegex(await fs.readFile(path.join(installed(), SAID), 'utf8'), /warn.*git-pp/)
  t.regex(await fs.readFile(path.join(installed(), 'share/man/man1/git-pp.1'), 'utf8'), /^\.TH GIT\\-PP 1/)
})

test('it is one package of less than 20 MB, with nothing of the tests and no script that npm would run', async (t) => {
  t.deepEqual(
    (await fs.readdir(MODULES)).filter((name) => !name.startsWith('.')),
    ['git-pp'],
  )
  const files = await fs.readdir(PACKAGE, { recursive: true, withFileTypes: true })
  const sizes = files
    // What the installed program kept of its own code since is no part of the package.
    .filter((one) => one.isFile() && path.basename(one.parentPath) !== 'code-cache')
    .map(async (one) => (await fs.stat(path.join(one.parentPath, one.name))).size)
  t.true((await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) < 20e6)
  t.deepEqual((await fs.readdir(PACKAGE)).sort(), [
    'LICENSE',
    'README.md',
    'bin',
    'contrib',
    'dist',
    'docs',
    'man',
    'package.json',
  ])
  const { dependencies, scripts } = JSON.parse(await fs.readFile(path.join(PACKAGE, 'package.json'), 'utf8'))
  t.is(dependencies, undefined)
  t.deepEqual(
    Object.keys(scripts).filter((name) => /^((pre|post)?install|prepare)$/.test(name)),
    [],
  )
})

test('its list of contents agrees with npm about every package, and the licence of each is there', async (t) => {
  const bom = JSON.parse(await fs.readFile(path.join(PACKAGE, 'dist', 'sbom.cdx.json'), 'utf8'))
  const { stdout } = await call('npm', ['sbom', '--sbom-format=cyclonedx'], { cwd: ROOT, maxBuffer: 1 << 26 })
  const known = new Map((JSON.parse(stdout).components as Component[]).map((one) => [one.purl, one]))
  const essence = ({ version, purl, licenses, hashes }: Component) => ({ version, purl, licenses, hashes })
  const text = await fs.readFile(path.join(PACKAGE, 'dist', 'THIRD-PARTY-LICENSES'), 'utf8')
  for (const component of bom.components as Component[]) {
    const other = known.get(component.purl)
    t.deepEqual(essence(component), other && essence(other))
    t.regex(text, new RegExp(`^${component.name} ${component.version} \\(.+\\)$`, 'm'))
  }
  const names = (bom.components as Component[]).map(({ name }) => name)
  for (const inside of ['@oclif/core', 'zod', 'undici', 'openai', 'simple-git', 'web-tree-sitter', 'tweetnacl'])
    t.true(names.includes(inside), inside)
})

test('the grammar of every known language is there with the licence of its authors', async (t) => {
  const text = await fs.readFile(path.join(PACKAGE, 'dist', 'THIRD-PARTY-LICENSES'), 'utf8')
  for (const { grammar, authors } of languages) {
    await t.notThrowsAsync(fs.access(path.join(PACKAGE, 'dist', 'grammars', `tree-sitter-${grammar}.wasm.gz`)))
    t.regex(text, new RegExp(`^${authors}\n\n(The )?MIT License`, 'm'))
  }
})

test('what a verb compiled is kept for the next process if its answer is no, but not if there was nothing to answer', async (t) => {
  const copy = await fs.mkdtemp(path.join(tmpdir(), 'pp-package-'))
  t.teardown(() => fs.rm(copy, { recursive: true, force: true }))
  await fs.chmod(copy, 0o755)
  await fs.cp(PACKAGE, copy, { recursive: true, filter: (from) => path.basename(from) !== 'code-cache' })
  const { CI: _, ...env } = process.env
  const repository = path.join(copy, 'repository')
  const git = (...words: string[]) =>
    call('git', ['-C', repository, '-c', 'user.name=A', '-c', 'user.email=a@example.com', ...words])
  await call('git', ['init', '-q', repository])
  for (const text of ['one', 'two']) {
    await fs.writeFile(path.join(repository, 'a.txt'), text)
    await git('add', 'a.txt')
    await git('commit', '-q', '-m', text)
  }
  const pp = async (...words: string[]) => {
    const program = path.join(copy, 'bin', 'git-pp.cjs')
    const error = await t.throwsAsync(call(process.execPath, [program, ...words], { cwd: repository, env }))
    return (error as { code?: unknown }).code
  }
  t.is(await pp('verify'), 3)
  t.is(await pp('prove', 'HEAD', 'grep -q one a.txt', '--sandbox', 'none', '--network', 'allow'), 1)
  const kept = await fs.readdir(path.join(copy, 'dist', 'code-cache'))
  t.deepEqual(
    kept.map((name) => name.split('-')[0]),
    ['prove'],
  )
})
