import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import Module from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import test, { type ExecutionContext } from 'ava'
import { mayUseCodeCache, openCodeCache } from '../../../src/commands/code-cache.ts'
import { where } from '../../helpers/needs.ts'

const FILE = 'chunks/answer.cjs'

/** A program of one file that answers with a text of one letter. */
function program(t: ExecutionContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'pp-code-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  chmodSync(dir, 0o755)
  mkdirSync(join(dir, 'chunks'), { mode: 0o755 })
  write(dir, 'a')
  return dir
}

function write(dir: string, letter: string): void {
  writeFileSync(join(dir, FILE), `exports.answer = () => '${letter}'\n`)
  chmodSync(join(dir, FILE), 0o644)
}

/** What a process of this program answers, and whether it took its code from the cache. Null: it must not use one. */
function started(dir: string): { answer: string; taken: boolean } | 'not its own' | null {
  const cache = openCodeCache(dir, 'log')
  if (cache === null) return null
  const file = join(dir, FILE)
  const module = new Module(file) as Module & { exports: { answer: () => string } }
  if (!cache.run(module, file)) return 'not its own'
  const answer = module.exports.answer()
  cache.save()
  return { answer, taken: cache.taken.has(FILE) }
}

function cacheFile(dir: string): string {
  const folder = join(dir, 'code-cache')
  return join(folder, readdirSync(folder)[0] ?? '')
}

test('the second process takes what the first one compiled', (t) => {
  const dir = program(t)
  t.deepEqual(started(dir), { answer: 'a', taken: false })
  t.deepEqual(started(dir), { answer: 'a', taken: true })
})

test('after an edit that keeps the length, the new code runs', (t) => {
  const dir = program(t)
  started(dir)
  write(dir, 'b')
  t.deepEqual(started(dir), { answer: 'b', taken: false })
  t.deepEqual(started(dir), { answer: 'b', taken: true })
})

test('a cache with one changed byte is not used, wherever the byte is', (t) => {
  const dir = program(t)
  started(dir)
  const whole = readFileSync(cacheFile(dir))
  for (let at = 0; at < whole.length; at += 7) {
    const changed = Buffer.from(whole)
    changed[at] = (changed[at] ?? 0) ^ 1
    writeFileSync(cacheFile(dir), changed)
    t.deepEqual(started(dir), { answer: 'a', taken: false }, `byte ${at}`)
  }
})

test('a cache that was cut off, or that is empty, is not used', (t) => {
  const dir = program(t)
  started(dir)
  const whole = readFileSync(cacheFile(dir))
  for (const length of [0, 30, 64, 65, 70, whole.length - 1]) {
    writeFileSync(cacheFile(dir), whole.subarray(0, length))
    t.deepEqual(started(dir), { answer: 'a', taken: false }, `${length} bytes`)
  }
})

for (const mode of [0o664, 0o646]) {
  test(`a cache of mode ${mode.toString(8)} is not used`, (t) => {
    const dir = program(t)
    started(dir)
    chmodSync(cacheFile(dir), mode)
    t.deepEqual(started(dir), { answer: 'a', taken: false })
  })

  test(`a program of mode ${mode.toString(8)} is compiled from its source`, (t) => {
    const dir = program(t)
    started(dir)
    chmodSync(join(dir, FILE), mode)
    t.is(started(dir), 'not its own')
  })
}

test('no cache is used where others may write in the directory of the program or of the cache', (t) => {
  const dir = program(t)
  started(dir)
  chmodSync(join(dir, 'code-cache'), 0o777)
  t.deepEqual(started(dir), { answer: 'a', taken: false })
  chmodSync(join(dir, 'code-cache'), 0o755)
  chmodSync(dir, 0o775)
  t.is(started(dir), null)
})

where(process.getuid?.() === 0, 'only root can give files away')(
  'a cache, a program or a directory of another user is not used',
  (t) => {
    const dir = program(t)
    started(dir)
    chownSync(cacheFile(dir), 12_345, 12_345)
    t.deepEqual(started(dir), { answer: 'a', taken: false })
    chownSync(cacheFile(dir), 0, 0)
    t.deepEqual(started(dir), { answer: 'a', taken: true })
    chownSync(join(dir, 'code-cache'), 12_345, 12_345)
    t.deepEqual(started(dir), { answer: 'a', taken: false })
    chownSync(join(dir, FILE), 12_345, 12_345)
    t.is(started(dir), 'not its own')
  },
)

test('a directory in which nothing can be written is no error', (t) => {
  const dir = program(t)
  writeFileSync(join(dir, 'code-cache'), 'a file where the directory of the cache would be')
  t.deepEqual(started(dir), { answer: 'a', taken: false })
})

test.serial('nothing is kept once a flag of V8 was changed, because no other process would take it', (t) => {
  const dir = program(t)
  const cache = openCodeCache(dir, 'log')
  const file = join(dir, FILE)
  t.true(cache?.run(new Module(file), file))
  setFlagsFromString('--stack-size=900')
  cache?.save()
  setFlagsFromString('--stack-size=984')
  t.throws(() => cacheFile(dir), { code: 'ENOENT' })
})

const MAY = {
  'a session': ['prove', ['HEAD', 'true'], {}, true],
  'a session that signs, which another process does': ['run', ['--sign', 'ed25519', '--key', 'k', 'true'], {}, true],
  'signing itself': ['sign-once', [], {}, false],
  'a verb that signs itself': ['attest', ['HEAD'], {}, false],
  'making a key': ['keygen', ['k'], {}, false],
  'checking signatures': ['verify', ['HEAD', '--trust', 'signers'], {}, true],
  'checking with what may be a shared secret': ['verify', ['--key-env=SECRET', 'HEAD'], {}, false],
  'running a proof again with what may be a shared secret': ['replay', ['--key', 'k', 'HEAD'], {}, false],
  CI: ['prove', ['HEAD', 'true'], { CI: 'true' }, false],
} as const
for (const [what, [verb, argv, env, may]] of Object.entries(MAY))
  test(`${what}: ${may ? 'may' : 'may not'} use a cache`, (t) => t.is(mayUseCodeCache(verb, argv, env), may))
