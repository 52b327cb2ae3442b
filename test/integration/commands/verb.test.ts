import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { build } from 'esbuild'

const top = fileURLToPath(new URL('../../..', import.meta.url))
const folder = join(top, '.cache', `fake-verb-${process.pid}`)
const FAKE = join(folder, 'fake-verb.mjs')

// Compiled once: to compile it for each of its runs takes longer than all that they do.
test.before(() =>
  build({
    ...{ entryPoints: [fileURLToPath(new URL('./fake-verb.ts', import.meta.url))], outfile: FAKE, bundle: true },
    ...{ packages: 'external', format: 'esm', platform: 'node', sourcemap: 'inline' },
  }),
)
test.after.always(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Play {
  readonly env?: Readonly<Record<string, string>>
  /** What to send once it is ready: ms to wait first, and the signal. */
  readonly signals?: readonly (readonly [number, NodeJS.Signals])[]
  /** True: stdout is closed after the first bytes. */
  readonly deaf?: boolean
}

function fake(words: readonly string[], play: Play = {}): Promise<Ended> {
  const env = { PATH: process.env['PATH'], ...play.env }
  const child = spawn(process.execPath, [FAKE, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (bytes) => {
    said.stdout += bytes
    if (play.deaf) child.stdout.destroy()
  })
  child.stderr.on('data', (bytes) => {
    said.stderr += bytes
    if (!String(bytes).includes('ready')) return
    for (const [ms, signal] of play.signals ?? []) setTimeout(() => child.kill(signal), ms)
  })
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, ...said })))
}

/** The one JSON object on stdout; fails where there is more or less. */
function object(ended: Ended): Record<string, unknown> {
  const lines = ended.stdout.trimEnd().split('\n')
  if (lines.length !== 1) throw new Error(`${lines.length} lines on stdout: ${ended.stdout}`)
  return JSON.parse(ended.stdout)
}

test('the answer goes to stdout, the talk to stderr, the status is the answer’s', async (t) => {
  t.deepEqual(await fake([]), { status: 6, stdout: 'first\nline 0\n', stderr: 'working\n' })
})

test('under --json there is one object, and it starts with version, verdict and reason', async (t) => {
  const ended = await fake(['--json'])
  t.deepEqual(Object.keys(object(ended)), ['schemaVersion', 'verdict', 'reason', 'own'])
  t.is(ended.status, 6)
})

test('JSON holds nothing that a terminal obeys, and its value is whole', async (t) => {
  const ended = await fake(['--json'])
  t.true(ended.stdout.includes('as asked \\u202e'))
  t.is(object(ended)['reason'], 'as asked \u202e')
})

test('quiet leaves the first line', async (t) => {
  t.deepEqual(await fake(['-q']), { status: 6, stdout: 'first\n', stderr: '' })
})

test('an error is told on stderr with its mend, escaped', async (t) => {
  t.deepEqual(await fake(['NOT_ALLOWED']), {
    status: 4,
    stdout: '',
    stderr: 'git pp: went \\x1b[31mwrong\n  here\ndo this\n',
  })
})

test('an error under --json is one object on stdout', async (t) => {
  const ended = await fake(['--json', 'NO_PROOF'])
  t.is(ended.status, 3)
  t.deepEqual(object(ended), {
    schemaVersion: 1,
    verdict: 'MISSING',
    reason: 'went \x1b[31mwrong\nhere',
    code: 'NO_PROOF',
    mend: 'do this',
  })
})

test('a wrong option under --json is one object, too', async (t) => {
  const ended = await fake(['--bogus', '--json'])
  t.is(object(ended)['verdict'], 'USAGE')
  t.is(ended.status, 2)
})

test('a word too many is wrong usage, told in one sentence', async (t) => {
  const ended = await fake(['one', 'two'])
  t.is(ended.status, 2)
  t.is(ended.stderr, 'git pp: unexpected "two"; git pp fake takes at most one word\ngit pp help fake\n')
})

test('help is rendered for people and for --json', async (t) => {
  const people = await fake(['-h'])
  t.is(people.status, 0)
  t.regex(people.stdout, /USAGE\n {2}\$ git pp fake \[OPTIONS\] \[WORD\]/)
  t.regex(people.stdout, /\[WORD\] {2}what to do/)
  t.is(object(await fake(['-h', '--json']))['help'], people.stdout.trimEnd())
})

test('a mistake of the tool is one sentence and status 128', async (t) => {
  const ended = await fake(['mistake'])
  t.is(ended.status, 128)
  t.is(
    ended.stderr,
    'git pp: internal error in git pp: TypeError: cannot read x of undefined\nrun it again with PP_DEBUG=1 to see where it failed\n',
  )
})

test('PP_DEBUG=1 shows where the mistake is', async (t) => {
  const ended = await fake(['mistake'], { env: { PP_DEBUG: '1' } })
  t.regex(ended.stderr, /at _?Fake\.answer/)
})

test('an error that nobody awaited ends the tool with status 128 and one object', async (t) => {
  const ended = await fake(['later', '--json'])
  t.is(ended.status, 128)
  t.is(object(ended)['code'], 'INTERNAL')
})

test('Ctrl-C ends with 130 and says INTERRUPTED, whatever the cut-off call threw', async (t) => {
  const ended = await fake(['wait', '--json'], { signals: [[0, 'SIGINT']] })
  t.is(ended.status, 130)
  t.is(object(ended)['verdict'], 'INTERRUPTED')
  t.is(object(ended)['code'], 'INTERRUPTED')
})

test('SIGTERM ends with 143', async (t) => {
  const ended = await fake(['wait', '--json'], { signals: [[0, 'SIGTERM']] })
  t.is(ended.status, 143)
  t.is(object(ended)['code'], 'TERMINATED')
})

test('one Ctrl-C that git passes on once more is one, and there is time to tidy up', async (t) => {
  const ended = await fake(['tidy', '--json'], {
    signals: [
      [0, 'SIGINT'],
      [50, 'SIGINT'],
    ],
  })
  t.is(ended.status, 130)
  t.regex(ended.stderr, /tidied/)
  t.is(object(ended)['verdict'], 'INTERRUPTED')
})

test('a second Ctrl-C ends what does not listen, still with one object', async (t) => {
  const ended = await fake(['stubborn', '--json'], {
    signals: [
      [0, 'SIGINT'],
      [1500, 'SIGINT'],
    ],
  })
  t.is(ended.status, 130)
  t.is(object(ended)['verdict'], 'INTERRUPTED')
})

test('a second SIGTERM ends even what is too busy to hear it', async (t) => {
  const ended = await fake(['stuck'], {
    signals: [
      [0, 'SIGTERM'],
      [1500, 'SIGTERM'],
    ],
  })
  t.is(ended.status, null)
  t.regex(ended.stderr, /interrupt again to stop at once/)
})

test('a reader that goes away is no error', async (t) => {
  const ended = await fake(['long'], { deaf: true })
  t.is(ended.status, 6)
  t.is(ended.stderr, 'working\n')
})
