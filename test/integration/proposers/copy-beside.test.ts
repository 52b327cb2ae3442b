import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'ava'
import type { ProposerAnswer } from '../../../src/engine/model/proposal.ts'
import { removeTree } from '../../../src/engine/platform/remove-tree.ts'
import command from '../../../src/engine/proposers/command.ts'
import { watchDependencies } from '../../../src/engine/wiring/dependency-watch.ts'
import { requestFor } from '../../unit/proposers/request.ts'

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
const BESIDE = {
  'node_modules/lib/index.js': 'module.exports = 1\n',
  'node_modules/lib/.npmrc': 'token\n',
  'node_modules/lib/server.key': '-----BEGIN PRIVATE KEY-----\n',
  'node_modules/lib/cacert.pem': CERTIFICATE,
  'fixtures/local.json': '{}\n',
  '.env.local': 'PASSWORD=x\n',
  'secrets/one.txt': 'x\n',
}
const PATHS = ['node_modules', 'fixtures', '.env.local', 'secrets']

/** What a line of shell does to a tree of one file, beside which the files of BESIDE stand in the user's work tree. */
async function asked(
  line: string,
  include?: string,
): Promise<{ answer: ProposerAnswer; left: string; changed: readonly string[]; said: readonly string[] }> {
  const root = await mkdtemp(join(tmpdir(), 'pp-beside-'))
  const top = join(root, 'project')
  try {
    for (const [path, text] of Object.entries(BESIDE)) {
      await mkdir(dirname(join(top, path)), { recursive: true })
      await writeFile(join(top, path), text)
    }
    await symlink(join(top, 'node_modules/lib/index.js'), join(top, 'node_modules/own.js'))
    await symlink('../calc.js', join(top, 'node_modules/out.js'))
    const beside = PATHS.map((path) => ({ path, source: join(top, path), directory: path !== '.env.local' }))
    const watch = watchDependencies(beside)
    const state = watch.look()
    const settings = { command: line, ...(include !== undefined && { 'command-include': include }) }
    const env = { PATH: process.env['PATH'], HOME: root, TMPDIR: root, TOP: top }
    const proposer = await command.open({ env, named: false, settings: { ...settings, 'command-env': 'TOP' } })
    const request = requestFor({ 'calc.js': 'old\n' }, { beside })
    const answer = await proposer.propose(request)
    const left = await readFile(join(top, 'node_modules/lib/index.js'), 'utf8').catch(() => 'gone')
    return { answer, left, changed: await watch.changedSince(state), said: request.said }
  } finally {
    await removeTree(root)
  }
}

function seen({ answer }: { answer: ProposerAnswer }): Record<string, string | null> {
  if (answer.how !== 'edits') throw new Error(JSON.stringify(answer))
  return Object.fromEntries([...answer.edits].map(([path, bytes]) => [path, bytes && new TextDecoder().decode(bytes)]))
}

const LIST = 'find . -path ./.git -prune -o ! -type d ! -name seen.txt -print | sort >seen.txt'

test('the copy has the dependencies, without files that look like secrets, and no other include unless it is named', async (t) => {
  const dependencies = [
    ...['./node_modules/lib/cacert.pem', './node_modules/lib/index.js'],
    ...['./node_modules/out.js', './node_modules/own.js'],
  ]
  t.is(seen(await asked(LIST))['seen.txt'], ['./calc.js', ...dependencies, ''].join('\n'))
  const named = await asked(LIST, 'fixtures/ .env.local, ./secrets')
  t.is(seen(named)['seen.txt'], ['./calc.js', './fixtures/local.json', ...dependencies, ''].join('\n'))
})

test('a program changes its copy of the dependencies, and not those of the user', async (t) => {
  const line = 'echo bad >node_modules/own.js; echo new >node_modules/lib/new.js; echo new >calc.js; git status --short'
  const { answer, left, changed, said } = await asked(line)
  t.deepEqual(seen({ answer }), { 'calc.js': 'new\n' })
  t.is(answer.how === 'edits' && answer.note, 'command: 1 file edited; it said: M calc.js')
  t.is(left, 'module.exports = 1\n')
  t.deepEqual(changed, [])
  t.true(said.includes('command: copying node_modules for the program'))
})

test('it is noticed that a program changed the dependencies of the user, whatever times it sets', async (t) => {
  const { changed } = await asked(
    'f=$TOP/node_modules/lib/index.js; touch -r $f t; echo "module.exports = 2" >$f; touch -r t $f; rm t; echo x >$TOP/.env.local; echo >$TOP/node_modules/new.js',
  )
  t.deepEqual([...changed], ['.env.local', 'node_modules/lib/index.js', 'node_modules/new.js'])
})
