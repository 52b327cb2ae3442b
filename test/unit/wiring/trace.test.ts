import test from 'ava'
import type { Sandbox, SandboxJob } from '../../../src/engine/ports/sandbox.ts'
import { traced, traceOf } from '../../../src/engine/wiring/trace.ts'

/** The lines that one call gives; every look at the clock is 5 ms later. */
function lineOf(words: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const lines: string[] = []
  let now = 0
  const trace = traceOf({ env, trace: (line) => lines.push(line) }, { elapsed: () => (now += 5) })
  trace?.('git', words)('status 0')
  return lines.join('\n')
}

test('a call is told in one line: what, how long, how it ended, its words', (t) => {
  t.is(lineOf(['cat-file', '-p', 'HEAD^{tree}']), 'trace: git, 5 ms, status 0: cat-file -p HEAD^{tree}')
})

test('without a place to write to nothing is traced', (t) => {
  t.is(traceOf({ env: {} }, { elapsed: () => 0 }), undefined)
})

test('the value of a secret variable never stands in the trace', (t) => {
  const line = lineOf(['notes', 'add', '-m', 'uses s3cr3t-Value-9 inside'], { API_TOKEN: 's3cr3t-Value-9' })
  t.is(line, 'trace: git, 5 ms, status 0: notes add -m uses [redacted:API_TOKEN] inside')
})

for (const url of [
  'https://user:pass@host.example/',
  'https://user:pass/word@host.example/',
  'https://user@host.example/',
  'HTTPS://user:pass@host.example/',
  'https://user:p@ss@host.example/',
])
  test(`user and password of ${url} are cut out`, (t) => {
    const line = lineOf(['fetch', url, 'refs/pp/*'])
    t.regex(line, /fetch https:\/\/host\.example\/ refs\/pp\/\*$/i)
    t.notRegex(line, /user|pass|p@ss/)
  })

test('what a terminal would obey is escaped', (t) => {
  t.is(lineOf(['add', 'a\u001b[2Jb\nc']), 'trace: git, 5 ms, status 0: add a\\x1b[2Jb\\nc')
})

test('a run in a sandbox is told with how it ended, and without what only its own redactor knows', async (t) => {
  const lines: string[] = []
  const trace = traceOf({ env: {}, trace: (line) => lines.push(line) }, { elapsed: () => 0 })
  const execution = { ended: { how: 'exited', code: 3 } }
  const sandbox = { kind: 'none', run: async () => execution } as unknown as Sandbox
  const hide = (bytes: Uint8Array) => ({
    bytes: Buffer.from(String(Buffer.from(bytes)).replace('hush', '***')),
    hits: 1,
  })
  const job = {
    command: { shell: 'pytest --pin hush' },
    redactor: { redact: hide, overlap: 0 },
  } as unknown as SandboxJob
  t.is((await traced(sandbox, trace).run(job)) as unknown, execution)
  t.deepEqual(lines, ['trace: sandbox, 0 ms, status 3: pytest --pin ***'])
  t.is(traced(sandbox, undefined), sandbox)
})
