import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { running, until } from '../helpers/launch.ts'
import { nothingLeft, processesOf, sessionDirs } from '../helpers/left.ts'
import { connect, ERAS, untilDone } from '../helpers/mcp.ts'
import { BIN, pp } from '../helpers/pp.ts'
import { fsckClean, type TestRepo, tempRepo } from '../helpers/repo.ts'

const TARGET = 'grep -q good state.txt'
const policy = (cmd: string, more = '') =>
  `proof_targets:\n  - {name: unit, cmd: ${JSON.stringify(cmd)}}\npolicy:\n  verify: {runs: 1}\n${more}`

/** A repository whose newest commit mends what the target of its policy asks for. */
async function mended(t: ExecutionContext, cmd = TARGET, more = ''): Promise<TestRepo> {
  const repo = await tempRepo(t, { 'state.txt': 'bad\n', 'sub/other.txt': 'x\n', 'pp.yaml': policy(cmd, more) })
  await repo.commit('mend', { 'state.txt': 'good\n' })
  return repo
}

let used = 0
/** The number makes a program that waits findable among all processes. */
const unique = (t: ExecutionContext) => `${3000 + process.pid + used++}.${t.title.length}`

/** Processes below the repository's directory, without the server itself. */
const others = (repo: TestRepo, server: number) =>
  processesOf(repo.home.replace(/\/home$/, '')).filter(({ pid }) => pid !== server)

const outcome = (told: { structured: Readonly<Record<string, unknown>> }) =>
  told.structured['outcome'] as {
    verdict: string
    commit: string
    session: string
    signed: boolean
    warnings: string[]
  }

for (const [name, era] of Object.entries(ERAS)) {
  test(`${name}: the tools are offered with schemas and honest annotations`, async (t) => {
    const { client } = await connect(t, await mended(t), [], { era })
    t.is(client.getProtocolEra(), era === 'legacy' ? 'legacy' : 'modern')
    const { tools } = await client.listTools()
    t.deepEqual(
      tools.map((tool) => tool.name),
      ['prove', 'prove_status', 'verify', 'show', 'log'],
    )
    for (const tool of tools) {
      t.is(tool.inputSchema['additionalProperties'], false, tool.name)
      t.is(tool.outputSchema?.['additionalProperties'], false, tool.name)
      const reads = tool.name !== 'prove'
      t.like(tool.annotations, {
        readOnlyHint: reads,
        idempotentHint: reads,
        destructiveHint: false,
        openWorldHint: false,
      })
    }
  })

  test(`${name}: a prove is told step by step, and log, show and verify know it`, async (t) => {
    const repo = await mended(t)
    const before = await repo.snapshotState()
    const server = await connect(t, repo, [], { era })
    const steps: (string | undefined)[] = []
    const proved = await server.call(
      'prove',
      { change: 'HEAD', target: 'unit' },
      { onprogress: (one) => steps.push(one.message) },
    )
    t.is(proved.structured['state'], 'done', proved.text)
    t.like(outcome(proved), { verdict: 'PROVED', commit: await repo.git('rev-parse', 'HEAD'), signed: false })
    t.regex(proved.text, /^PROVED: /)
    t.regex(steps[0] ?? '', /^session \w+, base \w+, sandbox /)
    const { session } = outcome(proved)
    t.is((await server.call('log')).structured['reason'], '1 proof')
    t.like((await server.call('show', { proof: session })).structured, { verdict: 'PROVED', session })
    t.is((await server.call('verify', { proofs: ['HEAD'] })).structured['verdict'], 'UNSIGNED')
    t.deepEqual(await repo.snapshotState(), { ...before, refs: (await repo.snapshotState()).refs })
    await server.client.close()
    await nothingLeft(repo)
    await fsckClean(repo)
  })
}

const FORBIDDEN = [
  ...[
    'command',
    'cmd',
    'argv',
    'words',
    'sandbox',
    'network',
    'env',
    'include',
    'setup',
    'policy',
    'policyFile',
    'policyFrom',
  ],
  ...[
    'policy-from',
    'provider',
    'key',
    'keyFile',
    'keyEnv',
    'sign',
    'path',
    'cwd',
    'base',
    'patch',
    'runs',
    'allow',
    'apply',
  ],
  ...['trust', 'allowUnsigned', 'allowWeak', 'keepWorktrees', 'history', 'timeout', 'confined', '__proto__x'],
]

test('no option that loosens is taken from a client, and no process is started for one', async (t) => {
  const repo = await mended(t)
  const { env, started } = await watchedPath(repo)
  const server = await connect(t, repo, [], { env })
  const questions = { prove: { change: 'HEAD' }, prove_status: { id: 'x' }, verify: {}, show: {}, log: {} }
  for (const [tool, question] of Object.entries(questions))
    for (const name of FORBIDDEN) {
      const told = await server.call(tool, { ...question, [name]: 'touch x' })
      t.true(told.isError, `${tool} took ${name}`)
      t.true(told.text.includes(`"${name}"`), told.text)
    }
  for (const change of ['-x', '--sandbox=none', 'touch x', '', 'a\nb', 'x'.repeat(201)])
    t.true((await server.call('prove', { change })).isError, change)
  for (const target of ['../x', 'a b', '', '-x']) t.true((await server.call('prove', { target })).isError, target)
  for (const question of [{ change: ['HEAD'] }, { change: null }, { target: 1 }])
    t.true((await server.call('prove', question)).isError)
  t.true((await server.call('log', { limit: 1e9 })).isError)
  await t.throwsAsync(server.call('apply', {}))
  await t.throwsAsync(server.call('run', { change: 'HEAD' }))
  t.is(await started(), '')
  t.deepEqual(sessionDirs(repo), [])
  t.is((await server.call('prove', { change: 'HEAD' })).structured['state'], 'done')
  t.regex(await started(), /git/)
})

/** A PATH on which every program that a session starts is noted before it runs. */
async function watchedPath(repo: TestRepo) {
  const [bin, noted] = [join(repo.home, 'watched'), join(repo.home, 'noted')]
  await mkdir(bin)
  await writeFile(noted, '')
  for (const name of ['git', 'bwrap', 'unshare', 'sh', 'grep'])
    await writeFile(
      join(bin, name),
      `#!/bin/sh\necho ${name} >>${noted}\nPATH=${repo.env['PATH']}\nexec ${name} "$@"\n`,
      { mode: 0o755 },
    )
  return { env: { PATH: `${bin}:${repo.env['PATH']}` }, started: () => readFile(noted, 'utf8') }
}

test('a word is never a command and never a directory', async (t) => {
  const repo = await mended(t)
  const outside = join(repo.home, 'bundle')
  t.is((await pp(repo, ['prove', 'HEAD', '--json'])).status, 0)
  t.is((await pp(repo, ['export', 'HEAD', outside, '--json'])).status, 0)
  t.is((await pp(repo, ['show', outside])).status, 0)
  const server = await connect(t, repo)
  const command = await server.call('prove', { change: 'true' })
  t.deepEqual([command.isError, command.text], [true, 'there is no commit and no range A..B called "true"'])
  for (const word of [outside, '../home/bundle']) {
    t.regex((await server.call('show', { proof: word })).text, /there is no commit and no session called/)
    t.regex((await server.call('verify', { proofs: [word] })).text, /there is no commit, range or session called/)
  }
  t.regex(
    (await server.call('prove', { target: 'other' })).text,
    /the policy has no target other; its targets are: unit/,
  )
})

test('what takes longer than a call is answered with an id, and asked for until it is done', async (t) => {
  const repo = await mended(t, `${TARGET} && sleep 4`)
  const server = await connect(t, repo, ['--answer-within', '1'])
  const began = performance.now()
  const limit = { timeout: 3000 }
  const first = await server.call('prove', {}, limit)
  t.true(performance.now() - began < 2500)
  t.like(first.structured, { state: 'running', outcome: null })
  t.regex(String(first.structured['id']), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  t.regex((await server.call('prove_status', { id: crypto.randomUUID() })).text, /knows no prove with that id/)
  const done = await untilDone(server, first)
  t.is(outcome(done).verdict, 'PROVED', done.text)
  t.is(outcome(await server.call('prove_status', { id: first.structured['id'] })).verdict, 'PROVED')
})

/** Waits until no process of a session is there; the server itself may be. */
const onlyServer = (repo: TestRepo, server: number) =>
  until(
    () => others(repo, server).length === 0,
    () => `still there: ${JSON.stringify(others(repo, server))}`,
  )

test('to cancel a prove ends its runs and leaves no process, and the server goes on', async (t) => {
  const seconds = unique(t)
  const repo = await mended(t, `[ -e go ] || sleep ${seconds}; ${TARGET}`)
  const server = await connect(t, repo)
  const cancelling = new AbortController()
  const ended = t.throwsAsync(server.call('prove', {}, { signal: cancelling.signal }))
  await running(seconds)
  cancelling.abort()
  await ended
  await onlyServer(repo, server.pid)
  await repo.commit('the command goes on', { go: '', 'state.txt': 'bad\n' })
  await repo.commit('and mended', { 'state.txt': 'good\n' })
  t.is(outcome(await server.call('prove')).verdict, 'PROVED')
  await server.client.close()
  await nothingLeft(repo)
  await fsckClean(repo)
})

test('to cancel the call that waits for a prove ends the prove', async (t) => {
  const seconds = unique(t)
  const repo = await mended(t, `sleep ${seconds}; ${TARGET}`)
  const server = await connect(t, repo, ['--answer-within', '1'])
  const { id } = (await server.call('prove')).structured
  await running(seconds)
  const cancelling = new AbortController()
  const asked = t.throwsAsync(server.call('prove_status', { id }, { signal: cancelling.signal }))
  // Questions are taken in their order, so the one before this one is being answered now.
  await server.call('log')
  cancelling.abort()
  await asked
  const told = await untilDone(server, await server.call('prove_status', { id }))
  t.is(outcome(told).verdict, 'INTERRUPTED')
  t.regex(told.text, /the client cancelled it/)
  await onlyServer(repo, server.pid)
})

test('one prove runs and two wait, other calls are answered meanwhile, and a fourth prove is refused', async (t) => {
  const repo = await mended(t, `sleep 1; ${TARGET}`)
  const server = await connect(t, repo)
  const three = [
    server.call('prove'),
    server.call('prove', { change: 'HEAD' }),
    server.call('prove', { target: 'unit' }),
  ]
  t.is((await server.call('log')).structured['verdict'], 'OK')
  const fourth = await server.call('prove')
  t.deepEqual([fourth.isError, fourth.text.split(';')[0]], [true, 'one prove is running and two are waiting'])
  const sessions = (await Promise.all(three)).map((told) => outcome(told))
  t.deepEqual(
    sessions.map(({ verdict }) => verdict),
    ['PROVED', 'PROVED', 'PROVED'],
  )
  t.is(new Set(sessions.map(({ session }) => session)).size, 3)
})

/** A client that starts the server, asks for a prove and waits; it knows nothing of the protocol but these two messages. */
const CLIENT = `
const server = require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: ['pipe', 'ignore', 'ignore'] })
const send = (message) => server.stdin.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n')
send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } } })
send({ method: 'notifications/initialized' })
send({ id: 2, method: 'tools/call', params: { name: 'prove', arguments: {} } })
console.log(server.pid)
setInterval(() => {}, 1000)`

test('to kill the client ends the server and its runs', async (t) => {
  const seconds = unique(t)
  const repo = await mended(t, `sleep ${seconds}; ${TARGET}`)
  const client = spawn(process.execPath, ['-e', CLIENT, BIN, 'mcp'], { cwd: repo.dir, env: { ...repo.env } })
  t.teardown(() => client.kill('SIGKILL'))
  await running(seconds)
  client.kill('SIGKILL')
  await nothingLeft(repo, { withinMs: 5000 })
  await fsckClean(repo)
  t.pass()
})

test('SIGTERM ends the server with status 143, and nothing is left', async (t) => {
  const seconds = unique(t)
  const repo = await mended(t, `sleep ${seconds}; ${TARGET}`)
  const server = spawn(process.execPath, [BIN, 'mcp'], { cwd: repo.dir, env: { ...repo.env } })
  t.teardown(() => server.kill('SIGKILL'))
  const status = new Promise((resolve) => server.on('close', resolve))
  for (const message of [
    {
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
    },
    { id: 2, method: 'tools/call', params: { name: 'prove', arguments: {} } },
  ])
    server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  await running(seconds)
  server.kill('SIGTERM')
  t.is(await status, 143)
  await nothingLeft(repo, { withinMs: 0 })
})

test('stdout holds one message of the protocol a line and nothing else, whatever is asked', async (t) => {
  const repo = await mended(t, `echo noise; echo noise >&2; ${TARGET}`)
  const server = spawn(process.execPath, [BIN, 'mcp'], {
    cwd: repo.dir,
    env: { ...repo.env, PP_TRACE: '1' },
  })
  t.teardown(() => server.kill('SIGKILL'))
  let [stdout, stderr] = ['', '']
  server.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk
  })
  server.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  const lines = () => stdout.split('\n').slice(0, -1)
  const status = new Promise((resolve) => server.on('close', resolve))
  server.stdin.write('this is no JSON\n[1,2]\n{"jsonrpc":"2.0"}\n\n')
  const initialize = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'c', version: '1' } }
  const ask = (id: number, method: string, params: object) =>
    server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
  ask(1, 'initialize', initialize)
  ask(2, 'tools/call', { name: 'prove', arguments: {}, _meta: { progressToken: 'p' } })
  ask(3, 'no/such/method', {})
  const answers = () => lines().filter((line) => 'id' in JSON.parse(line))
  await until(
    () => answers().length >= 3,
    () => `only: ${stdout}\n${stderr}`,
  )
  server.stdin.end()
  t.is(await status, 0, stderr)
  for (const line of lines()) t.is(JSON.parse(line).jsonrpc, '2.0')
  t.true(lines().some((line) => line.includes('notifications/progress')))
  t.true(lines().some((line) => line.includes('PROVED')))
  t.regex(stderr, /git /)
})

test('it works from any directory of a repository, and outside of one the answers say so', async (t) => {
  const repo = await mended(t)
  const below = await connect(t, repo, [], { cwd: join(repo.dir, 'sub') })
  t.is(outcome(await below.call('prove')).verdict, 'PROVED')
  const nowhere = await realpath(await mkdtemp(join(tmpdir(), 'pp-nowhere-')))
  const server = await connect(t, repo, [], { cwd: nowhere })
  for (const tool of ['prove', 'log', 'show', 'verify']) {
    const told = await server.call(tool)
    t.true(told.isError)
    t.regex(told.text, /not (in )?a git repository/i, told.text)
  }
})

test('neither the policy of the base nor settings nor variables loosen a prove', async (t) => {
  const looser = '  network: allow\n  sandbox: {backend: none}\n  env: {allow: [TOKEN_OF_MINE]}\n'
  const seen = `env | grep -q TOKEN_OF_MINE && exit 9; grep -q : /proc/net/route && exit 9; ${TARGET}`
  const repo = await mended(t, seen, looser)
  await repo.git('config', 'pp.network', 'allow')
  await repo.git('config', 'pp.verify.runs', '0')
  const env = { PP_NETWORK: 'allow', PP_SANDBOX_BACKEND: 'none', PP_VERIFY_RUNS: '0', TOKEN_OF_MINE: 'abc' }
  const server = await connect(t, repo, [], { env })
  const told = await server.call('prove')
  t.is(outcome(told).verdict, 'PROVED', told.text)
  t.is(outcome(told).warnings.filter((line) => line.includes('a program asked for this session')).length, 3)
  const { json } = await pp(repo, ['show', outcome(told).session, '--json'])
  t.like(json, { network: 'deny', variables: [], counts: { reds: 2, greens: 1 } })
  t.not(json['sandbox'], 'none')
  const verified = await pp(repo, ['verify', 'HEAD', '--policy-from', 'HEAD~1', '--allow-unsigned', '--json'])
  t.is(verified.json.verdict, 'PROVED_UNSIGNED', verified.json.reason)
})

test('nothing is signed unless the server was started with --sign', async (t) => {
  const key = 'PP_TEST_KEY'
  const signing = `  attestation: {enabled: true, mode: hmac-sha256, key_env: ${key}}\n`
  const repo = await mended(t, TARGET, signing)
  const plain = await connect(t, repo, [], { env: { [key]: 'ab'.repeat(32) } })
  t.like(outcome(await plain.call('prove')), { verdict: 'PROVED', signed: false })
  t.is((await plain.call('verify')).structured['verdict'], 'UNSIGNED')
})

test('with --sign and --trust, a prove is signed and verified', async (t) => {
  const repo = await mended(t)
  const key = join(repo.home, 'key')
  t.is((await pp(repo, ['keygen', key])).status, 0)
  const server = await connect(t, repo, ['--sign', 'ed25519', '--key', key, '--trust', `${key}.pub`])
  t.like(outcome(await server.call('prove')), { verdict: 'PROVED', signed: true })
  t.is((await server.call('verify')).structured['verdict'], 'PROVED')
  t.is((await server.call('verify', { proofs: ['HEAD~1..HEAD'] })).structured['verdict'], 'PROVED')
})

test('with --sign ssh, the repository does not choose the key', async (t) => {
  const repo = await mended(t)
  await repo.git('config', 'user.signingKey', join(repo.home, 'key-of-the-repository'))
  const told = await (await connect(t, repo, ['--sign', 'ssh'])).call('prove')
  t.true(told.isError)
  t.regex(told.text, /^signing with ssh needs a key, but you named none/)
  await repo.git('config', '--global', 'user.signingKey', join(repo.home, 'key-of-the-user'))
  t.regex((await (await connect(t, repo, ['--sign', 'ssh'])).call('prove')).text, /key-of-the-user/)
})

test('options that mean nothing are refused before the server starts', async (t) => {
  const repo = await mended(t)
  for (const args of [
    ['--json'],
    ['--answer-within', '0'],
    ['--answer-within', '601'],
    ['--key', 'x'],
    ['--sign', 'none'],
  ])
    t.is((await pp(repo, ['mcp', ...args])).status, 2, args.join(' '))
})

test('no other verb loads the code of the protocol', async (t) => {
  const repo = await mended(t)
  const hook = join(repo.home, 'loaded.cjs')
  await writeFile(
    hook,
    "process.on('exit', () => require('node:fs').writeFileSync(process.env.LOADED, Object.keys(require.cache).join('\\n')))",
  )
  const speaks = async (args: readonly string[]) => {
    const LOADED = join(repo.home, 'loaded')
    await pp(repo, args, { env: { LOADED, NODE_OPTIONS: `--require ${hook}`, CI: '1' } })
    const files = (await readFile(LOADED, 'utf8')).split('\n').filter((file) => file.endsWith('.cjs'))
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
    return texts.some((text) => text.includes('io.modelcontextprotocol/'))
  }
  t.true(await speaks(['mcp']))
  for (const args of [['log'], ['show'], ['prove', 'HEAD'], ['verify'], ['help', 'mcp'], ['mcp', '--help']])
    t.false(await speaks(args), args.join(' '))
})
