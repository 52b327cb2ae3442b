import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'ava'
import type { ProposerAnswer } from '../../../src/engine/model/proposal.ts'
import { removeTree } from '../../../src/engine/platform/remove-tree.ts'
import command from '../../../src/engine/proposers/command.ts'
import { placeOfProposers } from '../../../src/engine/wiring/proposers.ts'
import { where } from '../../helpers/needs.ts'
import { requestFor } from '../../unit/proposers/request.ts'

const confined = where(
  spawnSync('bwrap', ['--dev-bind', '/', '/', 'true']).status === 0,
  'bubblewrap does not work here',
)
const HOME = {
  '.codex/config.toml': 'model = "x"\n',
  '.codex/auth.json': '{"login":1}\n',
  '.codex/history.jsonl': 'secret talk\n',
  '.ssh/id_ed25519': 'key\n',
  'project/calc.py': 'of the user\n',
}

/** What an agent called codex does that is installed below home, where the user's work tree is below home, too. */
async function asked(script: string, settings: Readonly<Record<string, string>> = {}, codexHome?: string) {
  const home = await mkdtemp(join(tmpdir(), 'pp-home-'))
  try {
    const put = async (path: string, text: string) => {
      await mkdir(dirname(join(home, path)), { recursive: true })
      await writeFile(join(home, path), text)
    }
    for (const [path, text] of Object.entries(HOME)) await put(path, text)
    await put('.tools/bin/codex', `#!/bin/sh\ncat >/dev/null\n${script}\n`)
    await chmod(join(home, '.tools/bin/codex'), 0o755)
    const all = {
      PATH: `${home}/.tools/bin:${process.env['PATH']}`,
      HOME: home,
      ...(codexHome !== undefined && { CODEX_HOME: join(home, codexHome) }),
    }
    const place = placeOfProposers({ env: all, home }, join(home, 'project'))
    const given = { command: 'codex', ...settings }
    const proposer = await command.open({ env: { ...all, TMPDIR: tmpdir() }, named: false, settings: given, place })
    const request = requestFor({ 'calc.py': 'of the base\n' })
    const answer = await proposer.propose(request)
    const login = await readFile(join(home, '.codex/auth.json'), 'utf8')
    const own = await readFile(join(home, 'project/calc.py'), 'utf8')
    return { answer, login, own, home, said: request.said }
  } finally {
    await removeTree(home)
  }
}

function texts(answer: ProposerAnswer): Record<string, string | null> {
  if (answer.how !== 'edits') throw new Error(JSON.stringify(answer))
  return Object.fromEntries([...answer.edits].map(([path, bytes]) => [path, bytes && new TextDecoder().decode(bytes)]))
}

const LIST = 'cat calc.py >seen.txt; pwd >>seen.txt; (cd "$HOME"; find . -type f | sort) >>seen.txt'

confined(
  'an agent sees its own files of home and its program, and the copy at the path of the work tree',
  async (t) => {
    const { answer, home, own } = await asked(LIST)
    const files = [
      './.codex/auth.json',
      './.codex/config.toml',
      './.tools/bin/codex',
      './project/calc.py',
      './project/seen.txt',
    ]
    const seen = (texts(answer)['seen.txt'] ?? '').split('\n').filter((line) => !line.includes('/.git/'))
    t.deepEqual(seen, ['of the base', `${home}/project`, ...files, ''])
    t.is(own, 'of the user\n')
  },
)

confined('a login that the agent renewed is kept, and nothing else that it wrote', async (t) => {
  const renewed = await asked(
    'echo new >calc.py; echo x >"$HOME/other"; echo \'{"login":2}\' >"$HOME/.codex/auth.json"',
  )
  t.is(renewed.login, '{"login":2}\n')
  t.is(renewed.own, 'of the user\n')
  t.deepEqual(texts(renewed.answer), { 'calc.py': 'new\n' })
})

confined('what is no renewed login is not kept', async (t) => {
  for (const other of ['{"login":2,"url":"https://example.com"}', '{"login":"two"}', 'login', '']) {
    const { login, said } = await asked(`echo new >calc.py; echo '${other}' >"$HOME/.codex/auth.json"`)
    t.is(login, HOME['.codex/auth.json'], other)
    t.true(said.some((line) => /wrote into its copy of .*auth\.json is no renewed login/.test(line)))
  }
})

test('an agent gets the home of the user where that is asked for, or a variable names a place in it', async (t) => {
  const own = await asked('cat "$HOME/.codex/history.jsonl" >seen.txt', { 'command-home': 'own' })
  t.is(texts(own.answer)['seen.txt'], 'secret talk\n')
  const named = await asked('cat "$CODEX_HOME/history.jsonl" >seen.txt', {}, '.codex')
  t.is(texts(named.answer)['seen.txt'], 'secret talk\n')
  t.true(named.said.includes('command: the program gets your own home, because CODEX_HOME names a place in it'))
  await t.throwsAsync(asked('true', { 'command-home': 'mine' }), { message: /must be private or own, but is: mine/ })
})
