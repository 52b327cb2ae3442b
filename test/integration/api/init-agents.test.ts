import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { initAgents } from '../../../src/engine/api/index.ts'
import type { InitAgentsOptions, InitAgentsResult } from '../../../src/engine/model/agent-files.ts'
import { JSON_FILES } from '../../helpers/configuration-files.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'

interface Asked extends Partial<InitAgentsOptions> {
  readonly confirm?: (diff: string) => Promise<void>
  readonly env?: Readonly<Record<string, string>>
}

function ask(repo: TestRepo, agents: string, { confirm = async () => {}, env = {}, ...more }: Asked = {}) {
  const caller = {
    cwd: repo.dir,
    env: { ...repo.env, ...env },
    home: repo.home,
    uid: process.getuid?.() ?? -1,
    gid: process.getgid?.() ?? -1,
    version: '0',
    node: process.execPath,
    signal: new AbortController().signal,
  }
  const options = { agents: agents.split(','), user: false, remove: false, dryRun: false, ...more }
  return initAgents(caller, options, confirm)
}

const changes = ({ files }: InitAgentsResult) => files.map(({ change }) => change).join()
const read = (repo: TestRepo, file: string) => fs.readFile(join(repo.dir, file), 'utf8').catch(() => null)
const paths = async (repo: TestRepo) => (await repo.git('ls-files', '-o')).split('\n').filter(Boolean)
const refused = (t: ExecutionContext, promise: Promise<unknown>, message: RegExp) =>
  t.throwsAsync(promise, { code: 'USAGE', message })

for (const [agent, file] of [
  ['claude', '.claude/settings.json'],
  ['cursor', '.cursor/hooks.json'],
] as const) {
  test(`${file} of every kind: twice is once, the mode stays, and removing gives the bytes back`, async (t) => {
    const repo = await tempRepo(t, {})
    for (const [what, before] of Object.entries(JSON_FILES)) {
      if (before !== null) {
        await repo.write(file, before)
        await fs.chmod(join(repo.dir, file), 0o640)
      }
      t.is(changes(await ask(repo, agent)), 'added', what)
      const once = await read(repo, file)
      if (before !== null) t.is((await fs.stat(join(repo.dir, file))).mode & 0o7777, 0o640)
      const again = await ask(repo, agent)
      t.is(changes(again), 'none', what)
      t.false(again.written)
      t.is(await read(repo, file), once, what)
      t.is(changes(await ask(repo, agent, { remove: true })), 'removed', what)
      t.is(await read(repo, file), before, what)
      t.deepEqual(await paths(repo), before === null ? [] : [file])
      await fs.rm(join(repo.dir, file), { force: true })
    }
    t.true(Object.keys(JSON_FILES).length >= 20)
  })
}

test('all registrable agents get files, and nothing is left when they are removed', async (t) => {
  const repo = await tempRepo(t, { 'a.txt': 'a\n' })
  const names = 'claude,codex,gemini,copilot,cursor,opencode,aider'
  const made = await ask(repo, names)
  t.is(changes(made), 'added,added,added,added,added,added,added')
  t.deepEqual(await paths(repo), made.files.map(({ file }) => file).sort())
  t.is(changes(await ask(repo, 'all', { remove: true })), 'removed,removed,removed,removed,removed,removed,removed')
  t.deepEqual(await fs.readdir(repo.dir), ['.git', 'a.txt'])
})

test('all are those with a program on PATH or with files in the project', async (t) => {
  const repo = await tempRepo(t, { '.codex/config.toml': '', 'bin/gemini': '#!/bin/sh\n', 'a/claude': '' })
  await fs.chmod(join(repo.dir, 'bin/gemini'), 0o755)
  const PATH = `${join(repo.dir, 'bin')}:${join(repo.dir, 'a')}`
  const git = join(repo.home, 'git')
  await fs.mkdir(git)
  await fs.symlink((await repo.git('--exec-path')).replace(/$/, '/git'), join(git, 'git'))
  const found = await ask(repo, 'all', { env: { PATH: `${PATH}:${git}` }, dryRun: true })
  t.deepEqual(
    found.files.map(({ agent }) => agent),
    ['codex', 'gemini'],
  )
  await fs.rm(join(repo.dir, '.codex'), { recursive: true })
  await refused(t, ask(repo, 'all', { env: { PATH: git } }), /no agent was found/)
  await refused(t, ask(repo, 'all', { remove: true }), /no agent is registered here/)
})

test('a dry run and a refusal write nothing', async (t) => {
  const repo = await tempRepo(t, { '.claude/settings.json': '{\n  "a": 1\n}\n' })
  const before = await repo.snapshotState()
  const shown = await ask(repo, 'claude,codex', { dryRun: true })
  t.false(shown.written)
  t.regex(shown.diff, /^diff --git a\/\.claude\/settings\.json b\/\.claude\/settings\.json$/m)
  t.regex(shown.diff, /^\+ {2}"hooks": \{$/m)
  t.regex(shown.diff, /^new file mode/m)
  const no = async () => {
    throw new Error('no')
  }
  await t.throwsAsync(ask(repo, 'claude,codex', { confirm: no }), { message: 'no' })
  t.deepEqual(await repo.snapshotState(), before)
})

test('one file that cannot be edited is told with its line, and no other one is written', async (t) => {
  const repo = await tempRepo(t, { '.codex/hooks.json': '{\n  "hooks": {\n' })
  const before = await repo.snapshotState()
  await refused(
    t,
    ask(repo, 'claude,codex'),
    /^\.codex\/hooks\.json:3: this is not valid JSON .*; nothing was written$/,
  )
  t.deepEqual(await repo.snapshotState(), before)
})

test('links are never written through: neither a file nor a directory on the way', async (t) => {
  const repo = await tempRepo(t, { 'real/settings.json': '{}', '.github/x': '' })
  const precious = join(repo.home, 'precious')
  await fs.mkdir(precious)
  await fs.writeFile(join(precious, 'settings.json'), '{}')
  await fs.symlink(precious, join(repo.dir, '.claude'))
  await fs.symlink(precious, join(repo.dir, '.github/hooks'))
  await fs.symlink('real', join(repo.dir, '.gemini'))
  await fs.mkdir(join(repo.dir, '.codex'))
  await fs.symlink('../real/settings.json', join(repo.dir, '.codex/hooks.json'))
  await fs.mkdir(join(repo.dir, '.cursor/hooks.json'), { recursive: true })
  await fs.writeFile(join(repo.dir, '.opencode'), '')
  const before = await repo.snapshotState()
  for (const [agent, message] of [
    ['claude', /^\.claude is a link/],
    ['copilot', /^\.github\/hooks is a link/],
    ['gemini', /^\.gemini is a link/],
    ['codex', /^\.codex\/hooks\.json is a link/],
    ['cursor', /not a regular file/],
    ['opencode', /^\.opencode is not a directory/],
  ] as const) {
    await refused(t, ask(repo, agent), message)
    await refused(t, ask(repo, agent, { remove: true }), message)
  }
  t.deepEqual(await repo.snapshotState(), before)
  t.deepEqual(await fs.readdir(precious), ['settings.json'])
})

test('a file that changes while the user decides is left alone', async (t) => {
  const repo = await tempRepo(t, { '.claude/settings.json': '{}', 'real/x': '' })
  const file = join(repo.dir, '.claude/settings.json')
  const meanwhile = (change: () => Promise<void>) => ask(repo, 'claude', { confirm: change })
  await refused(
    t,
    meanwhile(() => fs.writeFile(file, '{"a": 1}')),
    /has changed since it was read/,
  )
  t.is(await fs.readFile(file, 'utf8'), '{"a": 1}')
  await refused(
    t,
    meanwhile(() => fs.rm(file)),
    /has changed since it was read/,
  )
  t.false(await fs.stat(file).then(Boolean, () => false))
  await refused(
    t,
    meanwhile(() => fs.writeFile(file, '{}')),
    /has changed since it was read/,
  )
  await refused(
    t,
    meanwhile(async () => {
      await fs.rename(join(repo.dir, '.claude'), join(repo.dir, 'moved'))
      await fs.symlink('real', join(repo.dir, '.claude'))
    }),
    /\.claude is a link/,
  )
  t.deepEqual(await fs.readdir(join(repo.dir, 'real')), ['x'])
  t.deepEqual(await fs.readdir(join(repo.dir, 'moved')), ['settings.json'])
})

test('a read-only file stays as it is', async (t) => {
  const repo = await tempRepo(t, { '.gemini/settings.json': '{}' })
  await fs.chmod(join(repo.dir, '.gemini/settings.json'), 0o444)
  await refused(t, ask(repo, 'gemini'), /is read-only/)
  t.is(await read(repo, '.gemini/settings.json'), '{}')
})

test("the user's own files are written with --user alone, also where there is no repository", async (t) => {
  const repo = await tempRepo(t, {})
  await fs.mkdir(join(repo.home, '.claude'))
  await fs.writeFile(join(repo.home, '.claude/settings.json'), '{\n  "model": "m"\n}\n')
  const outside = { ...repo, dir: repo.home }
  const made = await ask(outside, 'claude,codex', { user: true, env: { CODEX_HOME: join(repo.home, 'own') } })
  t.deepEqual(
    made.files.map(({ file }) => file),
    ['~/.claude/settings.json', join(repo.home, 'own/hooks.json')],
  )
  t.regex(await fs.readFile(join(repo.home, '.claude/settings.json'), 'utf8'), /git-pp gate --agent claude/)
  t.regex(await fs.readFile(join(repo.home, 'own/hooks.json'), 'utf8'), /git-pp gate --agent codex/)
  t.deepEqual(await paths(repo), [])
  await ask(outside, 'claude', { user: true, remove: true })
  t.is(await fs.readFile(join(repo.home, '.claude/settings.json'), 'utf8'), '{\n  "model": "m"\n}\n')
})

test('an unknown agent is refused with the nearest name', async (t) => {
  const repo = await tempRepo(t, {})
  await refused(t, ask(repo, 'claud'), /no such agent; known: aider, .*; did you mean claude\?/)
  await refused(t, ask(repo, 'none'), /no such agent/)
})
