import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { PpError } from '../../../src/engine/model/error.ts'
import type { ProposerAnswer } from '../../../src/engine/model/proposal.ts'
import { removeTree } from '../../../src/engine/platform/remove-tree.ts'
import type { ProposalRequest } from '../../../src/engine/ports/proposer.ts'
import command from '../../../src/engine/proposers/command.ts'
import { BROKEN, requestFor } from '../../unit/proposers/request.ts'

const FILES = { 'calc.py': BROKEN, 'old.txt': 'old\n', '.gitignore': 'build/\n' }

/** Runs an agent of test/helpers/agents (or any line of shell) on FILES; nothing may be left of its copy. */
async function ask(
  t: { deepEqual(a: unknown, b: unknown): unknown },
  agent: string,
  over: Partial<ProposalRequest> = {},
  env: Record<string, string> = {},
): Promise<{ answer: ProposerAnswer; said: readonly string[] }> {
  const temp = await mkdtemp(join(tmpdir(), 'pp-command-'))
  const line = agent.endsWith('.sh') ? fileURLToPath(new URL(`../../helpers/agents/${agent}`, import.meta.url)) : agent
  const host = { PATH: process.env['PATH'], HOME: temp, TMPDIR: temp, PP_OPENAI_API_KEY: 'sk-secret', ...env }
  try {
    const settings = { command: line, 'command-env': 'EXTRA' }
    const proposer = await command.open({ env: host, named: false, settings })
    const request = requestFor(FILES, over)
    const answer = await proposer.propose(request)
    t.deepEqual(await readdir(temp), [])
    return { answer, said: request.said }
  } finally {
    await removeTree(temp)
  }
}

function texts(answer: ProposerAnswer): Record<string, string | null> {
  if (answer.how !== 'edits') throw new Error(JSON.stringify(answer))
  return Object.fromEntries([...answer.edits].map(([path, bytes]) => [path, bytes && new TextDecoder().decode(bytes)]))
}

/** A killed process that nobody has waited for yet is not alive. */
function alive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return !/^(Z|$)/.test(stdout.trim())
}

test('edits in the copy come back, without litter and ignored files', async (t) => {
  const { answer } = await ask(t, 'edits.sh')
  t.deepEqual(texts(answer), {
    'calc.py': BROKEN.replace('-', '+'),
    'lib/new.txt': 'new\n',
    'old.txt': null,
  })
})

/** Thirty directories in each other, each of 200 letters, in the current directory below `top`. */
const deep = (top: string, last: string) =>
  `mkdir ${top}; (cd ${top}; n=$(printf d%.0s $(seq 200)); for i in $(seq 30); do mkdir $n; cd -P ./$n; done; ${last})`

test('what lies deeper than paths can say hinders nothing where it is ignored or no file', async (t) => {
  for (const line of [deep('build', 'echo x >file'), deep('other', ':')]) {
    const { answer } = await ask(t, `sh -c '${line}; echo new >old.txt'`)
    t.deepEqual(texts(answer), { 'old.txt': 'new\n' })
  }
})

test('a file whose path is longer than git takes is named, and nothing of it is taken', async (t) => {
  const { answer } = await ask(t, `sh -c '${deep('other', 'echo x >file')}'`)
  const why = answer.how === 'failed' ? answer.reason : ''
  t.regex(why, /the command left a file below other\/ddd.* whose path is too long for git$/)
})

test('a printed diff comes back as a reply', async (t) => {
  const { answer } = await ask(t, 'prints-diff.sh')
  t.regex(answer.how === 'reply' ? answer.text : '', /^--- a\/calc\.py\n/)
})

test('the program sees one commit, a clean tree, its request and no secret', async (t) => {
  const { answer } = await ask(t, 'looks-around.sh', {}, { EXTRA: 'wanted' })
  const seen = texts(answer)
  t.is(seen['seen-log.txt'], 'git-pp The tree as it stands\n')
  t.is(seen['seen-status.txt'], '')
  t.false(seen['seen-env.txt']?.includes('sk-secret'))
  t.true(seen['seen-env.txt']?.includes('EXTRA=wanted'))
  const request = JSON.parse(seen['seen-request.json'] ?? '')
  t.like(request, { schemaVersion: 1, attempt: 1, command: 'pytest -q' })
  t.true(request.prompt.includes('def add(a, b):'))
})

test('links, pipes and git directories that a program leaves are not followed', async (t) => {
  const { answer } = await ask(t, 'hostile.sh')
  t.deepEqual(texts(answer), { 'kept.txt': 'kept\n' })
})

test('a file that became a link is refused by name', async (t) => {
  const { answer } = await ask(t, 'replaces-by-link.sh')
  t.like(answer, { how: 'failed', why: 'crashed' })
  t.regex(answer.how === 'failed' ? answer.reason : '', /calc\.py is no longer a regular file/)
})

test('a program that fails is told by its status and last words', async (t) => {
  const { answer } = await ask(t, 'echo first >&2; echo boom >&2; exit 3')
  t.deepEqual(answer, { how: 'failed', why: 'crashed', reason: 'the command ended with status 3: boom' })
})

test('a program that changes nothing is quoted', async (t) => {
  const { answer } = await ask(t, 'echo I give up')
  t.deepEqual(answer, { how: 'nothing', reason: 'the command changed nothing and said: I give up' })
})

test('an interruption ends the whole process group and is thrown on', async (t) => {
  const stop = new AbortController()
  let pid = 0
  const progress = (line: string): void => {
    pid = Number(/^command: (\d+)$/.exec(line)?.[1] ?? 0)
    if (pid > 0) stop.abort(new PpError('INTERRUPTED', 'stopped'))
  }
  await t.throwsAsync(ask(t, 'hangs.sh', { signal: stop.signal, progress }), { message: 'stopped' })
  t.true(pid > 1)
  for (let wait = 0; wait < 100 && alive(pid); wait++) await sleep(20)
  t.false(alive(pid))
})

test('time that runs out is told', async (t) => {
  const { answer } = await ask(t, 'sleep 60', { budget: { ms: 300, searchMs: 300, tokens: null, candidates: 0 } })
  t.deepEqual(answer, { how: 'failed', why: 'budget', reason: 'the command did not end within 0 s' })
})

test('a background process that keeps the pipe open does not keep the answer', async (t) => {
  const { answer } = await ask(t, 'sleep 60 & echo done')
  t.is(answer.how, 'nothing')
})

test('more output than fits is refused, more talk than fits is not passed on', async (t) => {
  const { answer, said } = await ask(t, 'yes x | head -c 5000000; yes talk | head -n 5000 >&2')
  t.like(answer, { how: 'failed', why: 'truncated' })
  t.true(said.length < 250, String(said.length))
})

test('paths that lead out of the copy or into its git are not written', async (t) => {
  const files = { ...FILES, '../out.txt': 'x', '.git/hooks/pre-commit': 'x', 'a/.GIT/config': 'x' }
  const request = requestFor(files)
  const { answer } = await ask(t, 'find . -name out.txt; ls ../ .git/hooks a 2>/dev/null', { files: request.files })
  t.false(JSON.stringify(answer).includes('out.txt'))
  t.false(JSON.stringify(answer).includes('pre-commit'))
})

test('without a command, opening says what to set', async (t) => {
  const error = await t.throwsAsync(command.open({ env: {}, named: true, settings: {} }))
  t.like(error, { code: 'PROPOSER_FAILED' })
})
