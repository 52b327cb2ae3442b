import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { doctorAgent, initAgents } from '../../../src/engine/api/index.ts'
import type { InitAgentsOptions } from '../../../src/engine/model/agent-files.ts'
import type { DoctorCheck } from '../../../src/engine/model/doctor.ts'
import { rememberAgentCall, stateDir } from '../../../src/engine/state/index.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'

/** Where the programs of a test lie; nothing else of the machine is on its PATH but what the system itself has. */
const programs = (repo: TestRepo) => join(repo.home, 'programs')
const SYSTEM = '/usr/bin:/bin'

async function program(dir: string, name: string, text: string): Promise<string> {
  await fs.mkdir(dir, { recursive: true })
  await fs.writeFile(join(dir, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  return join(dir, name)
}

/** A program that answers as `codex app-server` does; `hooks`: [event, status]. */
function codexAnswering(hooks: readonly (readonly [string, string])[]): string {
  const list = hooks.map(([eventName, trustStatus]) => ({
    eventName,
    trustStatus,
    enabled: true,
    command: 'command -v git-pp >/dev/null 2>&1 || exit 0; git-pp gate --agent codex',
  }))
  const answer = JSON.stringify({ id: 2, result: { data: [{ hooks: list }] } })
  return `while read -r line; do case "$line" in *hooks/list*) echo '${answer}';; *initialize\\"*) echo '{"id":1}'; echo noise;; esac; done`
}

const callerOf = (repo: TestRepo, path: string) => ({
  cwd: repo.dir,
  env: { ...repo.env, PATH: path },
  home: repo.home,
  uid: process.getuid?.() ?? -1,
  gid: process.getgid?.() ?? -1,
  version: '0',
  node: process.execPath,
  signal: new AbortController().signal,
})

const reporter = { tell: () => {} }
const look = (repo: TestRepo, agent: string, path = `${programs(repo)}:${SYSTEM}`) =>
  doctorAgent(callerOf(repo, path), agent, reporter)
const texts = (checks: readonly DoctorCheck[]) => checks.map(({ level, text }) => `${level}: ${text}`)
const register = (repo: TestRepo, agent: string, more: Partial<InitAgentsOptions> = {}) =>
  initAgents(
    callerOf(repo, SYSTEM),
    { agents: [agent], user: false, remove: false, dryRun: false, ...more },
    async () => {},
  )

test('nothing is registered, nothing installed, nothing called: each is said with its mend', async (t) => {
  const repo = await tempRepo(t, {})
  const checks = await look(repo, 'claude', SYSTEM)
  t.deepEqual(texts(checks), [
    'note: Claude Code is not told to call the gate',
    'note: git-pp is not on PATH, so the lines end at once and the agent may always go',
    'note: Claude Code has not called the gate yet, as far as is known',
  ])
  t.deepEqual(
    checks.map((check) => ('mend' in check ? check.mend : undefined)),
    ['git pp init --agent claude', 'npm install --global git-pp', null],
  )
  t.true(checks.every(({ area }) => area === 'agent'))
})

test('a registration, the program and the last call are found', async (t) => {
  const repo = await tempRepo(t, {})
  await register(repo, 'gemini')
  const reached = await program(programs(repo), 'git-pp', 'exit 0')
  const call = { at: '2026-11-30T11:20:38.710Z', directory: repo.dir, answered: 'blocked: 2 tests fail' }
  await rememberAgentCall(stateDir(repo.env, repo.home), 'gemini', call)
  const told = texts(await look(repo, 'gemini'))
  t.is(told[0], 'ok: .gemini/settings.json makes Gemini CLI call the gate')
  t.regex(told[1] ?? '', /^note: whether Gemini CLI trusts the lines cannot be told from outside: .*trust the folder/)
  t.is(told[2], `ok: the lines reach ${reached}`)
  t.is(told[3], `ok: last call: ${call.at} in ${repo.dir}; answered: blocked: 2 tests fail`)
})

test('a program in the work tree is warned of, also behind a link', async (t) => {
  const repo = await tempRepo(t, {})
  const inside = await program(join(repo.dir, 'node_modules/.bin'), 'git-pp', 'exit 0')
  const warned = /^note: the lines reach .*git-pp, which lies in this work tree: the agent can exchange it$/
  t.true(
    texts(await look(repo, 'claude', `${join(repo.dir, 'node_modules/.bin')}:${SYSTEM}`)).some((one) =>
      warned.test(one),
    ),
  )
  t.true(texts(await look(repo, 'claude', `node_modules/.bin:${SYSTEM}`)).some((one) => warned.test(one)))
  await fs.mkdir(programs(repo))
  await fs.symlink(inside, join(programs(repo), 'git-pp'))
  t.true(texts(await look(repo, 'claude')).some((one) => warned.test(one)))
})

for (const [what, hooks, expected] of [
  [
    'trusts both',
    [
      ['sessionStart', 'trusted'],
      ['stop', 'trusted'],
    ],
    /^ok: Codex trusts the lines$/,
  ],
  [
    'trusts one',
    [
      ['sessionStart', 'trusted'],
      ['stop', 'modified'],
    ],
    /^note: Codex does not run the lines \(stop: modified\)/,
  ],
  ['sees one', [['stop', 'trusted']], /^note: Codex does not run the lines \(sessionStart: missing\)/],
  ['sees none', [], /^note: Codex does not see the lines: this directory is not trusted in Codex: .*\/hooks/],
] as const) {
  test(`Codex is asked: it ${what}`, async (t) => {
    const repo = await tempRepo(t, {})
    await register(repo, 'codex')
    await program(programs(repo), 'codex', codexAnswering(hooks))
    t.regex(texts(await look(repo, 'codex'))[1] ?? '', expected)
  })
}

for (const [what, text] of [
  ['does not start', 'exit 1'],
  ['speaks nonsense', 'echo "{"; echo "[]"'],
  ['never answers', 'exec sleep 60'],
] as const) {
  test(`a Codex that ${what} is no reason to wait, and its trust is not told`, async (t) => {
    const repo = await tempRepo(t, {})
    await register(repo, 'codex')
    await program(programs(repo), 'codex', text)
    const start = Date.now()
    const told = texts(await look(repo, 'codex'))
    t.is(told[1], 'note: Codex did not tell which hooks it trusts')
    t.true(Date.now() - start < 25_000)
  })
}

test('a Codex in the work tree is not started', async (t) => {
  const repo = await tempRepo(t, {})
  await register(repo, 'codex')
  await program(join(repo.dir, 'bin'), 'codex', `touch ${join(repo.home, 'started')}`)
  const told = texts(await look(repo, 'codex', `${join(repo.dir, 'bin')}:${SYSTEM}`))
  t.regex(told[1] ?? '', /cannot be told from outside/)
  await t.throwsAsync(fs.stat(join(repo.home, 'started')), { code: 'ENOENT' })
})

test('changed lines, files that cannot be read, and a second registration are said', async (t) => {
  const repo = await tempRepo(t, {})
  await register(repo, 'claude')
  await register(repo, 'claude', { user: true })
  t.true(texts(await look(repo, 'claude')).includes('note: it is registered twice, so the gate is asked twice'))
  const file = join(repo.dir, '.claude/settings.json')
  await fs.writeFile(file, (await fs.readFile(file, 'utf8')).replace('--deadline 60', '--deadline 1'))
  const [changed] = await look(repo, 'claude')
  t.like(changed, { level: 'note', mend: 'git pp init --agent claude' })
  t.regex(changed?.text ?? '', /has not the lines that git pp init writes today \(edited\)/)
  await fs.writeFile(file, '{\n')
  t.regex(texts(await look(repo, 'claude'))[0] ?? '', /^note: \.claude\/settings\.json:2: this is not valid JSON/)
})

for (const [agent, file, setting, named] of [
  ['claude', '.claude/settings.json', '"disableAllHooks": true', 'disableAllHooks'],
  ['gemini', '.gemini/settings.json', '"hooksConfig": {"enabled": false}', 'hooksConfig.enabled'],
] as const) {
  test(`hooks that are switched off are said: ${named}`, async (t) => {
    const repo = await tempRepo(t, { [file]: `{${setting}}` })
    await register(repo, agent)
    t.regex(
      texts(await look(repo, agent))[0] ?? '',
      new RegExp(`^note: ${file}: with its setting ${named} .* runs no hooks`),
    )
  })
}

test('outside of a repository the own file alone is looked at, and an unknown agent is refused', async (t) => {
  const repo = await tempRepo(t, {})
  await register(repo, 'claude', { user: true })
  const told = texts(await look({ ...repo, dir: repo.home }, 'claude'))
  t.is(told[0], 'ok: ~/.claude/settings.json makes Claude Code call the gate')
  await t.throwsAsync(look(repo, 'none'), { code: 'USAGE' })
})
