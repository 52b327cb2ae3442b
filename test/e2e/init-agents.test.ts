import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { agents } from '../../src/engine/agents/index.ts'
import { BIN, pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

const run = promisify(execFile)
const FILE = '.claude/settings.json'
/** Waits for the question before it answers. */
const ON_A_TERMINAL = `
import os, pty, sys
answer, argv = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execv(argv[0], argv)
seen = b''
try:
    while True:
        more = os.read(terminal, 65536)
        if not more:
            break
        asked = b'[y/N]' in seen
        seen += more
        if b'[y/N]' in seen and not asked:
            os.write(terminal, answer.encode() + b'\\n')
except OSError:
    pass
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`

test('without a terminal it is written with --yes alone; -n prints the difference', async (t) => {
  const repo = await tempRepo(t, { [FILE]: '{\n\t"model": "m" // mine\n}\n' })
  const before = await repo.snapshotState()
  const refused = await pp(repo, ['init', '--agent', 'claude'])
  t.is(refused.status, 2)
  t.regex(refused.stderr, /\+\t"hooks": \{[\s\S]*there is no terminal to ask on; add --yes/)
  t.is(refused.stdout, '')
  const shown = await pp(repo, ['init', '--agent', 'claude', '-n'])
  t.is(shown.status, 0)
  t.regex(shown.stdout, /^diff --git [\s\S]*^\+\t"hooks": \{$/m)
  t.deepEqual(await repo.snapshotState(), before)
  const made = await pp(repo, ['init', '--agent', 'claude', '--yes', '--json'])
  t.is(made.status, 0, made.stdout)
  t.like(made.json, { verdict: 'OK', reason: 'wrote the registration of Claude Code', written: true })
  t.like((made.json['files'] as unknown[])[0], { agent: 'claude', file: FILE, change: 'added' })
  const again = await pp(repo, ['init', '--agent', 'claude'])
  t.is(again.status, 0)
  t.regex(again.stdout, /^nothing to do: Claude Code\n/)
  const checked = await pp(repo, ['doctor', '--agent', 'claude', '--json'])
  t.is(checked.status, 0)
  t.like((checked.json['checks'] as unknown[])[0], { area: 'agent', level: 'ok' })
  t.is((await pp(repo, ['init', '--agent', 'claude', '--remove', '--yes'])).status, 0)
  t.is(await fs.readFile(join(repo.dir, FILE), 'utf8'), '{\n\t"model": "m" // mine\n}\n')
})

test('on a terminal the difference is shown, and the answer counts', async (t) => {
  const repo = await tempRepo(t, { [FILE]: '{}\n' })
  const typed = (answer: string) =>
    run('python3', ['-c', ON_A_TERMINAL, answer, process.execPath, BIN, 'init', '--agent', 'claude'], {
      cwd: repo.dir,
      env: repo.env,
    })
  await t.throwsAsync(typed('n'), { code: 2 })
  t.is(await fs.readFile(join(repo.dir, FILE), 'utf8'), '{}\n')
  const { stdout } = await typed('y')
  t.regex(stdout, /\+\{"hooks": \{[\s\S]*Write this\? \[y\/N\][\s\S]*wrote the registration of Claude Code/)
  t.regex(await fs.readFile(join(repo.dir, FILE), 'utf8'), /git-pp gate --agent claude/)
})

test('options that do not go together are refused', async (t) => {
  const repo = await tempRepo(t, {})
  for (const args of [
    ['--user'],
    ['--remove'],
    ['--yes'],
    ['--agent', 'claude', '--force'],
    ['--agent', ''],
    ['--agent', 'x'],
  ])
    t.is((await pp(repo, ['init', ...args])).status, 2, args.join(' '))
  t.is((await pp(repo, ['doctor', '--agent', 'none'])).status, 2)
  t.is(await repo.git('status', '--porcelain'), '')
})

test('the registered lines end quietly without git pp, hand over what it says, and a broken one is 1', async (t) => {
  const repo = await tempRepo(t, {})
  const bin = join(repo.home, 'bin')
  await fs.mkdir(bin)
  const lines = agents.flatMap(({ kind, registration }) => {
    const content = registration?.content
    if (content?.form === 'yaml') return [[kind, String(content.pairs[0]?.[1])] as const]
    const hooks = content?.form === 'json' ? content.hooks : []
    const line = (entry: unknown) =>
      JSON.parse(/"(?:command|bash)":("(?:[^"\\]|\\.)*git-pp[^"]*")/.exec(JSON.stringify(entry))?.[1] ?? 'null')
    return hooks.map(({ entry }) => [kind, line(entry) as string] as const)
  })
  t.is(lines.length, 11)
  const sh = (line: string) =>
    run('/bin/sh', ['-c', line], { cwd: repo.dir, env: { PATH: `${bin}:/usr/bin:/bin` } }).then(
      ({ stdout }) => ({ stdout, status: 0 }),
      ({ code, stdout }: { code: number; stdout: string }) => ({ stdout, status: code }),
    )
  for (const [, line] of lines) t.deepEqual(await sh(line), { stdout: '', status: 0 }, line)
  await fs.writeFile(join(bin, 'git-pp'), '#!/bin/sh\necho "$*"\n', { mode: 0o755 })
  for (const [kind, line] of lines) {
    const { stdout, status } = await sh(line)
    t.is(status, 0)
    t.regex(stdout, new RegExp(`^gate (?:--begin --agent ${kind}|--agent ${kind} --deadline 60)\\n$`))
  }
  await fs.writeFile(join(bin, 'git-pp'), '#!/bin/sh\nexit 2\n')
  for (const [kind, line] of lines) t.is((await sh(line)).status, kind === 'aider' ? 2 : 1, line)
})
