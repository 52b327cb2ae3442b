import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import type { ExecutionContext } from 'ava'
import { launch } from '../helpers/launch.ts'
import { nothingLeft, processesOf } from '../helpers/left.ts'
import { where } from '../helpers/needs.ts'
import { giveAway, ORDINARY } from '../helpers/ordinary.ts'
import { pp, type Ran } from '../helpers/pp.ts'
import { fsckClean, type TestRepo, tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(2)

const FILES = { 'state.txt': 'bad\n' }
const COMMAND = 'grep -q good state.txt'

/** One answer: this verdict and status, one sentence of these words on both streams, and nothing of the user's touched. */
async function says(t: ExecutionContext, ran: Ran, verdict: string, status: number, words: RegExp) {
  t.is(ran.json.verdict, verdict, ran.stdout + ran.stderr)
  t.is(ran.status, status)
  t.regex(String(ran.json.reason), words)
  t.false(/\n/.test(String(ran.json.reason)), ran.json.reason)
  t.notRegex(ran.stderr, /^\s+at /m)
}

/** The same, in a repository that must not change by it. */
async function unchanged(t: ExecutionContext, repo: TestRepo, act: () => Promise<void>) {
  const before = await repo.snapshotState()
  await act()
  t.deepEqual(await repo.snapshotState(), before)
  await nothingLeft(repo)
  await fsckClean(repo)
}

test('outside of a repository it says so', async (t) => {
  const repo = await tempRepo(t, FILES)
  for (const verb of [['run', COMMAND], ['prove', COMMAND], ['gc'], ['log'], ['show']]) {
    const ran = await pp(repo, [...verb, '--json'], { cwd: repo.home })
    await says(t, ran, 'USAGE', 2, /not in a git repository/)
  }
})

test('an empty command is wrong usage', async (t) => {
  const repo = await tempRepo(t, FILES)
  await unchanged(t, repo, async () => {
    for (const words of [
      ['run', ''],
      ['run', '  '],
      ['prove', 'HEAD', ' '],
      ['run', '--', ''],
    ])
      await says(t, await pp(repo, ['--json', ...words]), 'USAGE', 2, /empty|blank|nothing to run|no command after --/)
  })
})

test('a program that is not there is no red, with a shell and without', async (t) => {
  const repo = await tempRepo(t, FILES)
  await unchanged(t, repo, async () => {
    for (const bare of [[], ['--sandbox', 'unshare'], ['--sandbox', 'none', '--network', 'allow']]) {
      const shell = await pp(repo, ['run', 'no-such-program', ...bare, '--json'])
      const plain = await pp(repo, ['run', ...bare, '--json', '--', 'no-such-program', '-x'])
      for (const ran of [shell, plain]) {
        if (bare.includes('unshare') && ran.json['code'] === 'SANDBOX_UNAVAILABLE') {
          t.log(`without unshare: ${ran.json.reason}`)
          continue
        }
        await says(t, ran, 'INVALID_RED', 6, /program not found: no-such-program/)
        t.regex(String(ran.json['mend']), /install it/)
      }
    }
  })
})

test('output that is no text is shown, kept and told in sound JSON', async (t) => {
  const repo = await tempRepo(t, {
    ...FILES,
    'out.sh': "printf 'a\\000b\\377\\376\\033[31mred\\007\\nError: \\303\\050 here\\n'; grep -q good state.txt\n",
  })
  await repo.write('state.txt', 'worse\n')
  await unchanged(t, repo, async () => {
    const plain = await pp(repo, ['prove', 'sh out.sh'])
    t.is(plain.status, 1, plain.stderr)
    t.notRegex(plain.stdout + plain.stderr, /[\0\x07\x1b]/)
    const ran = await pp(repo, ['prove', 'sh out.sh', '--json'])
    t.is(ran.json.verdict, 'NOT_FIXED', ran.stdout)
    const dir = `${repo.home}/bundle`
    t.is((await pp(repo, ['export', String(ran.json['session']), dir])).status, 0)
    const kept = await readFile(`${dir}/attempts/0_baseline/command/stdout`)
    t.deepEqual([...kept.subarray(0, 5)], [0x61, 0, 0x62, 0xff, 0xfe])
    t.is((await pp(repo, ['show', '--json'])).status, 0)
  })
})

test('a cache that cannot be written is named, with the way out', async (t) => {
  const repo = await tempRepo(t, FILES)
  await mkdir(`${repo.home}/locked`)
  await giveAway(repo)
  await chmod(`${repo.home}/locked`, 0o500)
  await ordinary(t, repo, async (as) => {
    const ran = await as(['run', COMMAND, '--json'], { XDG_CACHE_HOME: `${repo.home}/locked` })
    await says(t, ran, 'ERROR', 128, /cannot make the working directory.*XDG_CACHE_HOME/)
  })
})

test('a repository that cannot be written is named in one sentence', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.write('state.txt', 'worse\n')
  await giveAway(repo)
  const lock = (mode: string) => execFileSync('chmod', ['-R', mode, `${repo.dir}/.git/objects`])
  lock('a-w')
  await ordinary(t, repo, async (as) => {
    await says(
      t,
      await as(['run', COMMAND, '--json']),
      'ERROR',
      128,
      /insufficient permission|Permission denied|EACCES/,
    )
  })
  lock('u+w')
})

/** Runs the tool as an ordinary user in a repository given to them. */
async function ordinary(
  t: ExecutionContext,
  repo: TestRepo,
  act: (as: (args: string[], env?: Record<string, string>) => Promise<Ran>) => Promise<void>,
) {
  await repo.git('config', '--global', 'safe.directory', '*')
  await unchanged(t, repo, () => act((args, env = {}) => launch(t, repo, args, env, ORDINARY).ended))
}

const tmpfs = where(process.getuid?.() === 0, 'only root may mount')

tmpfs('a cache on another file system than the repository is as good as any', async (t) => {
  const repo = await tempRepo(t, FILES)
  const cache = mounted(t, 'an "other": one', '50m')
  await repo.write('state.txt', 'good\n')
  await unchanged(t, repo, async () => {
    const ran = await pp(repo, ['prove', COMMAND, '--runs', '1', '--json'], { env: { XDG_CACHE_HOME: cache } })
    t.is(ran.json.verdict, 'PROVED', ran.stdout)
  })
})

tmpfs('a full disk under the cache is told, and what was there stays', async (t) => {
  const repo = await tempRepo(t, { ...FILES, 'large.bin': Buffer.alloc(3 << 20, 'x') })
  const cache = mounted(t, 'small', '2m')
  await unchanged(t, repo, async () => {
    const ran = await pp(repo, ['run', COMMAND, '--json'], { env: { XDG_CACHE_HOME: cache } })
    await says(t, ran, 'ERROR', 128, /perhaps the disk of .* is full/)
  })
})

tmpfs('a full disk under the repository is told, and the repository stays sound', async (t) => {
  const repo = await tempRepo(t, FILES)
  const dir = mounted(t, 'small', '1m')
  execFileSync('cp', ['-a', `${repo.dir}/.`, dir])
  const there: TestRepo = { ...repo, dir, git: (...args) => repo.git('-C', dir, ...args) }
  await writeFile(`${dir}/state.txt`, 'worse\n')
  execFileSync('sh', ['-c', `dd if=/dev/zero of=${dir}/.git/filler bs=4k 2>/dev/null || true`])
  const refs = await there.git('for-each-ref')
  const ran = await pp(there, ['run', COMMAND, '--json'])
  await says(t, ran, 'ERROR', 128, /No space left|ENOSPC/)
  t.is(await there.git('for-each-ref'), refs)
  await rm(`${dir}/.git/filler`)
  await there.git('fsck', '--full')
  const again = await pp(there, ['run', COMMAND, '--json'])
  t.is(again.json.verdict, 'NOT_FIXED', again.stdout)
})

/** A small file system of its own, away from the repository. */
function mounted(t: ExecutionContext, name: string, size: string): string {
  const holder = mkdtempSync(`${tmpdir()}/pp-mounted-`)
  const dir = `${holder}/${name}`
  mkdirSync(dir)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dir])
  t.teardown(() => {
    execFileSync('umount', ['-l', dir])
    rmSync(holder, { recursive: true })
  })
  return dir
}

for (const [name, hours] of [
  ['back', -48],
  ['forward', 48],
] as const) {
  test(`a clock that is set ${name} by two days spends no budget and spoils no proof`, async (t) => {
    const repo = await tempRepo(t, FILES)
    await repo.write('../jump.mjs', jump(hours))
    await repo.write('state.txt', 'good\n')
    const env = { NODE_OPTIONS: `--import=${repo.home}/../jump.mjs` }
    await unchanged(t, repo, async () => {
      const ran = await pp(repo, ['prove', COMMAND, '--runs', '1', '--timeout', '600', '--json'], { env })
      t.is(ran.json.verdict, 'PROVED', ran.stdout + ran.stderr)
      t.is((await pp(repo, ['show', '--json'])).json.verdict, 'PROVED')
    })
  })
}

/** Every look at the clock finds it set by so many hours more. */
function jump(hours: number): string {
  return `const Real = Date
let asked = 0
const now = () => Real.now() + ++asked * ${hours} * 3600e3
globalThis.Date = class extends Real {
  constructor(...all) { super(...(all.length > 0 ? all : [now()])) }
  static now() { return now() }
}
`
}

test('a command that prints without end fills neither memory nor disk', async (t) => {
  const repo = await tempRepo(t, FILES)
  const slow = process.env['PP_SLOW'] === '1'
  const blocks = slow ? 5 * 1024 : 300
  const command = `dd if=/dev/zero bs=1M count=${blocks} 2>/dev/null | tr '\\000' x | fold -w 99; ${COMMAND}`
  await unchanged(t, repo, async () => {
    const tool = launch(t, repo, ['run', command, '--runs', '0', '--json'])
    let peak = 0
    const watch = setInterval(async () => {
      const status = await readFile(`/proc/${tool.pid}/status`, 'utf8').catch(() => '')
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0))
    }, 100)
    const ran = await tool.ended
    clearInterval(watch)
    t.log(`${blocks} MiB printed, peak ${Math.round(peak / 1024)} MiB`)
    t.is(ran.json.verdict, 'NOT_FIXED', ran.stdout.slice(0, 2000))
    // The same bound whatever the amount: what is kept of each stream is 10 MiB.
    t.true(peak > 0 && peak < 700 * 1024, `${peak} kB`)
  })
})

test('a grandchild that left its session and holds the output is killed, and nobody waits for it', async (t) => {
  const repo = await tempRepo(t, FILES)
  await unchanged(t, repo, async () => {
    const begun = performance.now()
    const ran = await pp(repo, ['run', `setsid sleep 7777.5 & ${COMMAND}`, '--json'])
    t.is(ran.json.verdict, 'NOT_FIXED', ran.stdout)
    t.true(performance.now() - begun < 60_000)
    t.deepEqual(processesOf('sleep 7777.5'), [])
  })
})

test('a daemon that the command starts does not live on', async (t) => {
  const repo = await tempRepo(t, FILES)
  await unchanged(t, repo, async () => {
    const daemon = `(setsid env -i sh -c 'while :; do sleep 0.777; done' </dev/null >/dev/null 2>&1 &)`
    for (const bare of [[], ['--sandbox', 'none', '--network', 'allow']]) {
      const ran = await pp(repo, ['run', `${daemon}; sleep 0.2; ${COMMAND}`, ...bare, '--json'])
      t.is(ran.json.verdict, 'NOT_FIXED', ran.stdout)
    }
    t.deepEqual(processesOf('sleep 0.777'), [])
  })
})

test('past the limit for a command nothing is decided', async (t) => {
  const repo = await tempRepo(t, { ...FILES, 'pp.yaml': 'policy: {limits: {per_command_timeout_sec: 1}}\n' })
  await unchanged(t, repo, async () => {
    const ran = await pp(repo, ['run', 'sleep 60', '--json'])
    await says(t, ran, 'NOT_RUN', 6, /did not end within 1\.0 s \(per-command limit\)/)
    t.regex(String(ran.json['mend']), /per_command_timeout_sec/)
  })
})

test('past the time of the session an attempt in progress ends, and the budget is spent', async (t) => {
  const repo = await tempRepo(t, FILES)
  const reply = '```diff\n--- a/state.txt\n+++ b/state.txt\n@@ -1 +1 @@\n-bad\n+good\n```\n'
  await unchanged(t, repo, async () => {
    const command = `${COMMAND} && sleep 60`
    const args = ['run', command, '--timeout', '3', '--provider', 'stub', '--json']
    const ran = await pp(repo, args, { env: { PP_STUB_REPLY: reply } })
    await says(t, ran, 'NOT_FIXED', 1, /time limit of this session is reached/)
    t.regex(String(ran.json['mend']), /--timeout/)
    const early = await pp(repo, ['run', 'sleep 60', '--timeout', '1', '--json'])
    await says(t, early, 'NOT_RUN', 6, /session limit/)
    t.regex(String(early.json['mend']), /--timeout/)
  })
})
