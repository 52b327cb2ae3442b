import * as fs from 'node:fs/promises'
import test, { type ExecutionContext } from 'ava'
import { pp } from '../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../helpers/repo.ts'

/** A product whose version is made of tags, and a check of something else that it does wrong. */
const CHECK = `set -e
version=$(git describe --tags --dirty)
case $version in v1.0-1-g*-dirty) exit 9;; v1.0-1-g*) ;; *) exit 8;; esac
git status --porcelain | grep . && exit 7
git log --oneline >/dev/null
grep -q right product.sh
`

async function tagged(t: ExecutionContext, files: Record<string, string> = {}): Promise<TestRepo> {
  const repo = await tempRepo(t, { 'product.sh': 'wrong\n', 'check.sh': CHECK, ...files })
  await repo.git('tag', 'v1.0')
  await repo.commit('after the tag', { other: '1\n' })
  await repo.commit('Mend it', { 'product.sh': 'right\n' })
  return repo
}

const proving = (...options: string[]) => ['prove', 'HEAD', 'sh check.sh', '--runs', '1', '--json', ...options]

test('a command that describes its version is proved with --history tags, replayed, and told where a tag differs', async (t) => {
  const repo = await tagged(t)
  const { json } = await pp(repo, proving('--history', 'tags'))
  t.is(json.verdict, 'PROVED', json.reason)
  const dir = `${repo.home}/bundle`
  t.is((await pp(repo, ['export', String(json['session']), dir])).status, 0)
  const { history } = JSON.parse(await fs.readFile(`${dir}/environment.json`, 'utf8'))
  t.like(history, { commits: 2, tags: [{ name: 'v1.0', id: await repo.git('rev-parse', 'v1.0') }] })
  const again = await pp(repo, ['replay', '--json'])
  t.is(again.json.verdict, 'REPRODUCED', again.json.reason)
  await repo.git('tag', '--force', 'v1.0', 'HEAD~1')
  const moved = await pp(repo, ['replay', '--json'])
  t.is(moved.json.verdict, 'INCONCLUSIVE')
  t.true((moved.json['differences'] as string[]).includes('the tag v1.0 is not the same as when the change was proved'))
  const none = await pp(repo, ['replay', '--history', 'none', '--json'])
  t.regex(
    String(none.json['differences']),
    /saw history when the change was proved, but see none now; add --history tags/,
  )
})

test('without it nothing of the past is seen; the policy may ask for it, and a number of commits too', async (t) => {
  const policy = (history: unknown) => ({ 'pp.json': JSON.stringify({ policy: { worktree: { history } } }) })
  t.not((await pp(await tagged(t), proving())).json.verdict, 'PROVED')
  for (const history of ['tags', 2]) {
    const { json } = await pp(await tagged(t, policy(history)), proving())
    t.is(json.verdict, 'PROVED', json.reason)
  }
  const refused = await pp(await tagged(t, policy('none')), proving('--history', 'tags'))
  t.is(refused.status, 2)
  t.is((await pp(await tagged(t), proving('--history', 'all'))).status, 2)
})
