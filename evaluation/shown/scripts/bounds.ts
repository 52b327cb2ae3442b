import { spawn, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Bed } from '../programs.ts'
import type { End, Place, Script } from './script.ts'

const TOP = join(import.meta.dirname, '..', '..', '..')
const BIN = join(TOP, 'bin', 'git-pp.cjs')
/** In kB. */
const MOST_MEMORY = 1_500_000
const MOST_MS = 60_000

/** Whether the program ends in time and without taking all memory; it is ended otherwise. */
async function endsSoon(bed: Bed, words: readonly string[]): Promise<End> {
  const child = spawn(process.execPath, [BIN, ...words], {
    cwd: bed.dir,
    env: bed.env,
    stdio: 'ignore',
    detached: true,
  })
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  for (const begun = Date.now(); Date.now() - begun < MOST_MS && child.exitCode === null; ) {
    await Promise.race([gone, delay(500)])
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    if (Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0) > MOST_MEMORY) break
  }
  if (child.exitCode !== null || child.signalCode !== null) return 'closed'
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  await gone
  return 'OPEN'
}

async function provesSoon({ bed, options }: Place, before: Record<string, string>, after: Record<string, string>) {
  await bed.write({ 't.sh': 'exit 1\n', ...before })
  await bed.commit('Base')
  await bed.write({ 't.sh': 'exit 0\n', ...after })
  await bed.commit('Change')
  return endsSoon(bed, ['prove', 'HEAD', 'sh t.sh', '--runs', '2', '--timeout', '20', ...options])
}

function made(dir: string, input: string, ...args: readonly string[]): string {
  const ran = spawnSync('git', ['-C', dir, ...args], { input, encoding: 'utf8', maxBuffer: 1 << 26 })
  if (ran.status !== 0) throw new Error(ran.stderr)
  return ran.stdout.trim()
}

const LONG = Array.from({ length: 25 }, () => 'a'.repeat(40)).join('/')
const NUMBERS = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'))

/** Attacks that want time, memory or trust without end. */
export const BOUNDS: readonly Script[] = [
  {
    name: 'a pattern of the policy takes minutes',
    anywhere: true,
    attack: (place) => {
      const policy = 'policy:\n  deny_write: ["**/*a*a*/**/*a*a*/**/*a*a*/**/*a*a*b"]\n'
      return provesSoon(place, { [`${LONG}/x`]: '1\n', 'pp.yaml': policy }, { [`${LONG}/x`]: '2\n' })
    },
  },
  {
    name: 'policies of directories take minutes',
    anywhere: true,
    attack: (place) => {
      const policy = `policy:\n${Array.from({ length: 60_000 }, (_, n) => `  k${n}: 1\n`).join('')}`
      const files = (text: string) => Object.fromEntries([1, 2, 3, 4].map((n) => [`d${n}/x`, text]))
      const policies = Object.fromEntries([1, 2, 3, 4].map((n) => [`d${n}/pp.yaml`, policy]))
      return provesSoon(place, { ...files('1\n'), ...policies }, files('2\n'))
    },
  },
  {
    name: 'notes of a remote are trees that come to 256 to the power of 20 notes',
    anywhere: true,
    async attack({ bed }) {
      await bed.write({ a: '1\n' })
      await bed.commit('Base')
      const remote = join(bed.root, 'remote')
      await bed.git('init', '-q', '--bare', remote)
      await bed.git('push', '-q', remote, 'HEAD:refs/heads/main')
      const blob = made(remote, 'x\n', 'hash-object', '-w', '--stdin')
      let tree = made(remote, NUMBERS.map((name) => `100644 blob ${blob}\t${name}\n`).join(''), 'mktree')
      for (let level = 0; level < 19; level++)
        tree = made(remote, NUMBERS.map((name) => `040000 tree ${tree}\t${name}\n`).join(''), 'mktree')
      const commit = await bed.git('-C', remote, 'commit-tree', tree, '-m', 'n')
      for (const kind of ['index', 'bundles', 'attestations'])
        await bed.git('-C', remote, 'update-ref', `refs/notes/pp/${kind}`, commit)
      await bed.git('remote', 'add', 'origin', remote)
      return endsSoon(bed, ['fetch'])
    },
  },
  {
    name: 'the library reads lists of signers more kindly than ssh-keygen',
    anywhere: true,
    needs: ['ssh-keygen'],
    async attack() {
      const ava = join(TOP, 'node_modules', 'ava', 'entrypoints', 'cli.mjs')
      const argv = [ava, '--tap', 'test/integration/portable/signer-lists.test.ts']
      const { status, stdout } = spawnSync(process.execPath, argv, { cwd: TOP, encoding: 'utf8' })
      if (status !== 0) return 'OPEN'
      return /^ok \d+ - (?!.*# SKIP)/m.test(stdout) ? 'closed' : 'cannot tell: every line was skipped'
    },
  },
]
