import test from 'ava'
import { Repro } from '../../src/engine/model/proof.ts'
import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

const FILES = { 'state.txt': 'bad\n', '.gitignore': '.env\nbuild/\n' }

test('without a command and without targets nothing runs, and nothing is called a proof', async (t) => {
  const repo = await tempRepo(t, FILES)
  for (const verb of ['run', 'prove']) {
    const { status, json } = await pp(repo, [verb, '--json'])
    t.is(status, 2)
    t.is(json.verdict, 'USAGE')
    t.regex(String(json.reason), /no COMMAND, and no policy with proof_targets/)
  }
  t.is(await repo.git('for-each-ref', 'refs/pp', 'refs/notes'), '')
  t.false(Repro.shape.targets.safeParse([]).success)
})

test('what git ignores is in no patch: neither what stood beside the tree, nor what an agent or a command wrote', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.write('.env', 'NAME=value-of-mine\n')
  const agent = 'echo good >state.txt; echo STOLEN=1 >.env; mkdir build; echo out >build/out'
  const command = 'echo 1 >>.env; mkdir -p build; echo x >build/x; grep -q good state.txt'
  const args = ['run', command, '--provider', 'command', '--include', '.env', '--runs', '1', '--json']
  const { json } = await pp(repo, args, { env: { PP_COMMAND: agent } })
  t.is(json.verdict, 'PROVED', json.reason)
  const final = String(json['final'])
  t.is(await repo.git('diff', '--name-only', `${final}^`, final), 'state.txt')
  t.deepEqual((await repo.git('ls-tree', '-r', '--name-only', final)).split('\n'), ['.gitignore', 'state.txt'])
})

test('replay runs the trees of the proof, whatever is checked out', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.commit('Mend it', { 'state.txt': 'good\n' })
  const proved = await repo.git('rev-parse', 'HEAD')
  t.is((await pp(repo, ['prove', 'HEAD', 'grep -q good state.txt', '--runs', '1', '--json'])).json.verdict, 'PROVED')
  for (const elsewhere of ['bad\n', 'good\n']) {
    await repo.git('checkout', '-q', '--orphan', `b${elsewhere.length}`)
    await repo.commit('Something else', { 'state.txt': elsewhere })
    await repo.write('state.txt', `${elsewhere}uncommitted\n`)
    const { json } = await pp(repo, ['replay', proved, '--json'])
    t.is(json.verdict, 'REPRODUCED', json.reason)
    await repo.git('checkout', '-q', '--', '.')
  }
})

test('what is signed is what was measured: the runs of the minimised tree, not those before', async (t) => {
  const lines = 'line\n'.repeat(20)
  const repo = await tempRepo(t, { 'state.txt': `bad\n${lines}end\n` })
  const patch = `--- a/state.txt\n+++ b/state.txt\n@@ -1,2 +1,2 @@\n-bad\n+good\n line\n@@ -21,2 +21,2 @@\n line\n-end\n+END\n`
  const key = `${repo.home}/key`
  await pp(repo, ['keygen', key])
  const env = { PP_STUB_REPLY: `\`\`\`diff\n${patch}\`\`\`\n` }
  const args = ['run', 'grep -q good state.txt', '--provider', 'stub', '--sign', 'ed25519', '--key', key, '--json']
  const { json } = await pp(repo, args, { env })
  t.is(json.verdict, 'PROVED', json.reason)
  const final = String(json['final'])
  t.is(await repo.git('show', `${final}:state.txt`), `good\n${lines}end`)
  const verified = await pp(repo, ['verify', final, '--key', `${key}.pub`, '--json'])
  t.is(verified.json.verdict, 'PROVED', verified.json.reason)
  const bundle = await repo.git('notes', '--ref', 'refs/notes/pp/bundles', 'show', final)
  const tree = await repo.git('rev-parse', `${final}^{tree}`)
  const files = JSON.parse(bundle).files as Record<string, { utf8: string }>
  const greens = Object.entries(files).filter(([name]) => /^verification\/\d+_green\/.*evidence\.json$/.test(name))
  t.true(greens.length > 0)
  for (const [, { utf8 }] of greens) t.is(JSON.parse(utf8).tree, tree)
})
