import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const call = promisify(execFile)

test('the package holds program, manual and nothing of the tests', async (t) => {
  const { stdout } = await call('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT })
  const [{ files }] = JSON.parse(stdout)
  const paths: string[] = files.map((file: { path: string }) => file.path)
  for (const needed of ['bin/git-pp.cjs', 'bin/start.cjs', 'man/git-pp.1', 'dist/commands/main.js', 'LICENSE']) {
    t.true(paths.includes(needed), needed)
  }
  t.deepEqual(
    paths.filter((file) => /^(src|test|scripts|bench)\//.test(file)),
    [],
  )
})

test('an install gives git a command and a manual page', async (t) => {
  const prefix = await fs.mkdtemp(path.join(tmpdir(), 'pp-install-'))
  t.teardown(() => fs.rm(prefix, { recursive: true, force: true }))
  const quiet = ['--ignore-scripts', '--offline', '--no-audit', '--no-fund', '--loglevel=error']
  await call('npm', ['install', '-g', '--prefix', prefix, ...quiet, ROOT])
  const env = { ...process.env, PATH: `${prefix}/bin:${process.env['PATH']}` }
  t.regex((await call('git', ['pp', '--version'], { env })).stdout, /^git-pp /)
  t.regex((await call('pp', ['--version'], { env })).stdout, /^git-pp /)
  t.regex(await fs.readFile(path.join(prefix, 'share/man/man1/git-pp.1'), 'utf8'), /^\.TH GIT\\-PP 1/)
})
