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
    t.regex(String(json.reason), /no COMMAND, and no policy names proof_targets/)
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
