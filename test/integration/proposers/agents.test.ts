import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { ProposerAnswer } from '../../../src/engine/model/proposal.ts'
import { removeTree } from '../../../src/engine/platform/remove-tree.ts'
import type { ProposalRequest } from '../../../src/engine/ports/proposer.ts'
import command from '../../../src/engine/proposers/command.ts'
import { presets } from '../../../src/engine/proposers/presets/index.generated.ts'
import { BROKEN, requestFor } from '../../unit/proposers/request.ts'

const FILES = {
  'calc.py': BROKEN,
  'AGENTS.md': 'Be brief.\n',
  '.claude/settings.json': '{}',
  '.envrc': 'x',
  'sub/.mcp.json': '{}',
}

/** Asks a program for edits of FILES; `programs` stand on its PATH. */
async function ask(
  line: string,
  settings: Readonly<Record<string, string>> = {},
  { env = {}, programs = {}, over = {} }: Asking = {},
): Promise<ProposerAnswer> {
  const temp = await mkdtemp(join(tmpdir(), 'pp-agents-'))
  try {
    await mkdir(join(temp, 'bin'))
    for (const [name, text] of Object.entries(programs)) {
      await writeFile(join(temp, 'bin', name), `#!/bin/sh\n${text}\n`)
      await chmod(join(temp, 'bin', name), 0o755)
    }
    const host = { PATH: `${temp}/bin:${process.env['PATH']}`, HOME: temp, TMPDIR: temp, ...env }
    const proposer = await command.open({ env: host, named: false, settings: { command: line, ...settings } })
    return await proposer.propose(requestFor(FILES, over))
  } finally {
    await removeTree(temp)
  }
}

interface Asking {
  readonly env?: Readonly<Record<string, string>>
  readonly programs?: Readonly<Record<string, string>>
  readonly over?: Partial<ProposalRequest>
}

function texts(answer: ProposerAnswer): Record<string, string | null> {
  if (answer.how !== 'edits') throw new Error(JSON.stringify(answer))
  return Object.fromEntries([...answer.edits].map(([path, bytes]) => [path, bytes && new TextDecoder().decode(bytes)]))
}

test('a prompt that asks for edits comes on stdin, or in a file that is no part of the copy', async (t) => {
  const piped = texts(await ask('cat >seen.txt', { 'command-input': 'prompt' }))['seen.txt'] ?? ''
  t.regex(piped, /edit its files in place[\s\S]*This command fails:\npytest -q[\s\S]*Edit the files now\.\n$/)
  t.notRegex(piped, /unified diff|^[{]/)
  const filed = await ask('cat "$PP_PROMPT_FILE" - >seen.txt', { 'command-input': 'file' })
  t.deepEqual(texts(filed), { 'seen.txt': piped })
})

test('edits count however the program ended, and what it said last is told', async (t) => {
  for (const end of ['exit 1', 'kill -KILL $$', 'sleep 60']) {
    const answer = await ask(`echo new >new.txt; echo I stop here; ${end}`, { 'command-timeout': '4' })
    t.deepEqual(texts(answer), { 'new.txt': 'new\n' })
    t.is(answer.how === 'edits' && answer.note, 'command: 1 file edited; it said: I stop here')
  }
})

test('a program has its own time limit', async (t) => {
  const answer = await ask('echo May I edit calc.py?; sleep 60', { 'command-timeout': '4' })
  t.like(answer, { how: 'failed', why: 'budget' })
  t.is(
    answer.how === 'failed' && answer.reason,
    'the command did not end within 4 s; it said last: May I edit calc.py?',
  )
})

test('the copy holds nothing that an agent obeys, and its own litter is no edit', async (t) => {
  const seen = texts(await ask('find . -path ./.git -prune -o -type f ! -name seen.txt -print | sort >seen.txt'))[
    'seen.txt'
  ]
  t.is(seen, './AGENTS.md\n./calc.py\n')
  const litter =
    'mkdir -p .codex .gemini/tmp; for f in .codex/x .gemini/tmp/y .aider.chat.history.md opencode.json; do echo x >$f; done'
  t.deepEqual(texts(await ask(`${litter}; echo new >calc.py`)), { 'calc.py': 'new\n' })
})

test('an edit in the place of a file that the user keeps for agents is an edit, so that it can be refused by its name', async (t) => {
  const answer = await ask('mkdir .claude; echo {} >.claude/settings.json; echo x >.claude/other.json')
  t.deepEqual(texts(answer), { '.claude/settings.json': '{}\n' })
})

test('a preset runs the agent as it stands, with the variables that it needs and no others', async (t) => {
  const env = {
    CODEX_HOME: '/h',
    HTTPS_PROXY: 'http://p',
    ANTHROPIC_API_KEY: 'other',
    PP_OPENAI_API_KEY: 'sk',
    MINE: '1',
  }
  const programs = { codex: 'echo "$@" >args.txt; env >env.txt; cat >prompt.txt' }
  const seen = texts(await ask('codex', {}, { env, programs }))
  t.is(seen['args.txt'], 'exec --sandbox workspace-write --skip-git-repo-check -\n')
  t.regex(seen['prompt.txt'] ?? '', /edit its files in place/)
  t.regex(seen['env.txt'] ?? '', /^CODEX_HOME=\/h$/m)
  t.regex(seen['env.txt'] ?? '', /^HTTPS_PROXY=http:\/\/p$/m)
  t.notRegex(seen['env.txt'] ?? '', /ANTHROPIC|PP_OPENAI|MINE/)
})

test('an agent that nobody logged in to is a failure with the line to type', async (t) => {
  const programs = { claude: 'echo "Not logged in · Please run /login"' }
  t.deepEqual(await ask('claude', {}, { programs }), {
    how: 'failed',
    why: 'no-key',
    reason: 'claude is not logged in: Not logged in · Please run /login',
    mend: 'run claude once and log in',
  })
})

/** What aider prints, as its documentation and its sources have it; the program itself was not tried. */
const AIDER = [
  ...['Aider v0.86.1', 'Model: gpt-4o with diff edit format', 'Git repo: .git with 2 files', ''],
  ...['calc.py', '<<<<<<< SEARCH', '    return a - b', '=======', '    return a + b', '>>>>>>> REPLACE', ''],
  ...['Applied edit to calc.py', 'Tokens: 2.4k sent, 73 received.'],
]
const NO_KEY = 'No API key environment variables found (e.g., OPENAI_API_KEY, ANTHROPIC_API_KEY...).'

test('aider reads its prompt from a file, and what it leaves beside its edit is no part of it', async (t) => {
  const print = AIDER.map((line) => `echo '${line}'`).join('; ')
  const leaves =
    'mkdir .aider.tags.cache.v4; for f in .aider.tags.cache.v4/x .aider.chat.history.md; do echo x >$f; done'
  const edit = `cp "$2" told.md; ${leaves}; sed -i 's/a - b/a + b/' calc.py; git add -A -f; git commit -qm x; ${print}`
  const programs = { aider: edit }
  const answer = await ask('aider', {}, { programs, env: { EMAIL: 'a@example.com' } })
  const { 'told.md': told, ...others } = texts(answer)
  t.regex(told ?? '', /edit its files in place/)
  t.deepEqual(others, { 'calc.py': BROKEN.replace('-', '+') })
  t.regex(answer.how === 'edits' ? answer.note : '', /it said: Tokens: 2\.4k sent, 73 received\.$/)
  const line = `echo "${NO_KEY}"; sleep 60`
  const failed = await ask('aider', { 'command-timeout': '4' }, { programs: { aider: line } })
  t.like(failed, { how: 'failed', why: 'no-key', mend: 'run aider once and log in' })
})

test('no preset skips the permissions or the sandbox of its agent', (t) => {
  for (const { kind, command: line } of presets)
    t.notRegex(line, /yolo|danger|bypass|allow-all|skip-perm|full-access/i, kind)
})

test('settings that make no sense are named', async (t) => {
  for (const [settings, words] of [
    [{ 'command-input': 'yaml' }, /pp\.command-input must be json, prompt or file, but is: yaml/],
    [{ 'command-timeout': '5m' }, /pp\.command-timeout must be a number of seconds, but is: 5m/],
  ] as const) {
    const error = await t.throwsAsync(ask('true', settings))
    t.like(error, { code: 'USAGE' })
    t.regex(error?.message ?? '', words)
  }
})
