import test, { type ExecutionContext } from 'ava'
import { breaking, withoutNamespaces } from '../helpers/breaking.ts'
import { launch } from '../helpers/launch.ts'
import { nothingLeft } from '../helpers/left.ts'
import { type TestRepo, tempRepo } from '../helpers/repo.ts'
import { working } from '../integration/sandboxes/machine.ts'

const COMMAND = 'grep -q good state.txt'
const PROVE = ['prove', 'HEAD', COMMAND, '--runs', '1', '--json']
/** How often that runs the command. Before that, `auto` may still take another kind, since nothing has run yet. */
const RUNS = 3
const kinds = await working()

async function fixed(t: ExecutionContext): Promise<TestRepo> {
  const repo = await tempRepo(t, { 'state.txt': 'bad\n' })
  await repo.commit('fix', { 'state.txt': 'good\n' })
  return repo
}

for (const [kind, program] of Object.entries({ bubblewrap: 'bwrap', unshare: 'unshare' }))
  test(`${kind} that breaks at any point of a session ends it with status 6, and nothing quieter takes over`, async (t) => {
    const repo = await fixed(t)
    // Bubblewrap is what auto takes first, so the next one in the list would be a way out.
    const asked = [...PROVE, '--sandbox', kind === 'bubblewrap' ? 'auto' : kind]
    // The first session also tries the sandbox in full, which is remembered.
    await launch(t, repo, asked).ended
    const whole = await breaking(repo.home, program, 1_000_000)
    if (whole === null || !kinds.includes(kind)) {
      t.pass(`${kind} cannot be broken here`)
      return
    }
    const sound = await launch(t, repo, asked, {}, whole.by).ended
    t.is(sound.json.verdict, 'PROVED', sound.stdout + sound.stderr)
    const calls = await whole.calls()
    for (let works = calls - RUNS; works < calls; works++) {
      const broken = await breaking(repo.home, program, works)
      const ran = await launch(t, repo, asked, {}, broken?.by).ended
      t.is(ran.json.verdict, 'NOT_RUN', `${works} of ${calls}: ${ran.stdout}${ran.stderr}`)
      t.is(ran.status, 6)
      t.notRegex(ran.stdout, /"sandbox": ?"none"/)
    }
    await nothingLeft(repo)
  })

test('where no namespace can be made, nothing runs, and it is said why and what helps', async (t) => {
  const repo = await fixed(t)
  const by = withoutNamespaces()
  if (by === null) {
    t.pass('namespaces cannot be taken away here')
    return
  }
  for (const sandbox of ['auto', ...kinds]) {
    const ran = await launch(t, repo, [...PROVE, '--sandbox', sandbox], {}, by).ended
    t.is(ran.json.verdict, 'NOT_RUN', ran.stdout + ran.stderr)
    t.deepEqual([ran.status, ran.json['code']], [6, 'SANDBOX_UNAVAILABLE'])
    t.regex(ran.stdout, /user namespaces|max_(?:user|\*)_namespaces/)
  }
  await nothingLeft(repo)
})
