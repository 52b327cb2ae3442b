import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { pp } from '../../helpers/pp.ts'
import { cloneOf, withOrigin } from '../../helpers/remotes.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'

const POLICY =
  'policy:\n  network: allow\n  sandbox: {backend: none}\n  env: {allow: [TOKEN]}\n  worktree: {setup: "touch $HOME/set-up"}\n'
/** Leaves a trace at home, fails in its own way where it sees files or variables of others, and asks what it is there for. */
const CHECK =
  'touch "$HOME/escaped" 2>/dev/null\n[ -e node_modules/private ] && exit 7\n[ -n "$TOKEN" ] && exit 8\n[ -e ok ] && grep -qx good state.js\n'

/** A proof under a policy that allows everything, and a clone of a reviewer who has files and variables of their own. */
async function foreign(
  t: ExecutionContext,
): Promise<{ author: TestRepo; reviewer: TestRepo; home: (name: string) => Promise<boolean> }> {
  const files = { 'state.js': 'bad\n', 'check.sh': CHECK, 'pp.yaml': POLICY, '.gitignore': 'node_modules/\n', ok: '' }
  const author = await tempRepo(t, files)
  const origin = await withOrigin(author)
  await author.commit('Mend it', { 'state.js': 'good\n' })
  const made = await pp(author, ['prove', 'HEAD', 'sh check.sh', '--runs', '1', '--json'])
  t.is(made.json.verdict, 'PROVED', made.json.reason)
  await author.git('push', '-q', 'origin', 'main')
  t.is((await pp(author, ['push'])).status, 0)
  const reviewer = await cloneOf(author, origin, 'reviewer')
  await mkdir(join(reviewer.dir, 'node_modules'))
  await writeFile(join(reviewer.dir, 'node_modules/private'), '')
  const traces = ['escaped', 'set-up'].map((name) => join(author.home, name))
  for (const trace of traces) await rm(trace, { force: true })
  const home = (name: string) =>
    access(join(author.home, name)).then(
      () => true,
      () => false,
    )
  return { author, reviewer, home }
}

const TOKEN = { env: { TOKEN: 'mine' } }

test('a proof of others runs in a sandbox, without setup, variables and files of mine, whatever its policy allows', async (t) => {
  const { reviewer, home } = await foreign(t)
  t.is((await pp(reviewer, ['fetch'])).status, 0)
  const { json } = await pp(reviewer, ['replay', 'HEAD', '--json'], TOKEN)
  t.is(json.verdict, 'REPRODUCED', json.reason)
  t.is(json['foreign'], true)
  t.deepEqual(json['loosened'], [])
  t.deepEqual([await home('escaped'), await home('set-up')], [false, false])
})

test('it is no proof of mine because plain git, or import, put it among mine', async (t) => {
  const { author, reviewer, home } = await foreign(t)
  const dir = join(author.home, 'bundle')
  await pp(author, ['export', 'HEAD', dir])
  t.is((await pp(reviewer, ['import', dir])).status, 0)
  const imported = await pp(reviewer, ['replay', 'HEAD', '--json'], TOKEN)
  t.like(imported.json, { verdict: 'REPRODUCED', foreign: true })
  await reviewer.git('fetch', '-q', 'origin', '+refs/pp/*:refs/pp/*', '+refs/notes/pp/*:refs/notes/pp/*')
  t.like((await pp(reviewer, ['replay', 'HEAD', '--json'], TOKEN)).json, { verdict: 'REPRODUCED', foreign: true })
  t.false(await home('escaped'))
  await reviewer.git('checkout', '-q', 'HEAD~1')
  t.is((await pp(reviewer, ['apply', 'main'])).status, 4)
  t.is((await pp(reviewer, ['apply', 'main', '--allow-unsigned'])).status, 0)
})

test('each loosening is typed, and told', async (t) => {
  const { reviewer } = await foreign(t)
  t.is((await pp(reviewer, ['fetch'])).status, 0)
  const seen = await pp(reviewer, ['replay', 'HEAD', '--include', 'node_modules', '--json'], TOKEN)
  t.deepEqual(seen.json['loosened'], ['--include node_modules'])
  t.not(seen.json.verdict, 'REPRODUCED')
  const open = await pp(reviewer, ['replay', 'HEAD', '--sandbox', 'none', '--json'])
  t.is(open.status, 6)
})

test('a proof that this machine made is replayed under its own policy', async (t) => {
  const { author } = await foreign(t)
  const { json } = await pp(author, ['replay', 'HEAD', '--json'])
  t.like(json, { verdict: 'REPRODUCED', foreign: false, loosened: [] })
})

test('a replay that wants what stood beside the tree says what to install and type', async (t) => {
  const files = { 'state.js': 'bad\n', '.gitignore': 'node_modules/\n', 'sub/a': '' }
  const check = 'node_modules/.bin/check && grep -qx good state.js'
  const author = await tempRepo(t, files)
  const origin = await withOrigin(author)
  await author.commit('Mend it', { 'state.js': 'good\n' })
  const install = async ({ dir }: TestRepo) => {
    await mkdir(join(dir, 'node_modules/.bin'), { recursive: true })
    await writeFile(join(dir, 'node_modules/.bin/check'), '#!/bin/sh\n', { mode: 0o755 })
  }
  await install(author)
  t.is((await pp(author, ['prove', 'HEAD', check, '--runs', '1', '--json'])).json.verdict, 'PROVED')
  await author.git('push', '-q', 'origin', 'main')
  t.is((await pp(author, ['push'])).status, 0)
  const reviewer = await cloneOf(author, origin, 'reviewer')
  t.is((await pp(reviewer, ['fetch'])).status, 0)
  await install(reviewer)
  const bare = await pp(reviewer, ['replay', 'HEAD', '--json'])
  t.is(bare.json.verdict, 'INCONCLUSIVE')
  t.is(bare.json['mend'], 'install the dependencies here, then git pp replay HEAD --include node_modules')
  t.regex((await pp(reviewer, ['replay', 'HEAD'])).stdout, /^try: .*--include node_modules$/m)
  const below = { ...reviewer, dir: join(reviewer.dir, 'sub') }
  const { json } = await pp(below, ['replay', 'HEAD', '--json'])
  t.regex(String(json['mend']), /--include \.\.\/node_modules$/)
  t.is((await pp(below, ['replay', 'HEAD', '--include', '../node_modules', '--json'])).json.verdict, 'REPRODUCED')
})
