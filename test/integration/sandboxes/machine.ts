import { type ChildProcess, execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { promisify } from 'node:util'
import type { ExecutionContext } from 'ava'
import type { Ended, Execution } from '../../../src/engine/model/evidence.ts'
import { NO_MEMORY } from '../../../src/engine/ports/probe-memory.ts'
import type { EnforcedRestrictions, SandboxHost, SandboxJob, SandboxKind } from '../../../src/engine/ports/sandbox.ts'
import type { SyntheticGit, Workspace } from '../../../src/engine/ports/workspace.ts'
import { removeCgroup } from '../../../src/engine/sandboxes/lib/cgroup.ts'
import { cgroupsOf } from '../../../src/engine/sandboxes/lib/cgroup-journal.ts'

/** Hides nothing. */
export const open: SandboxJob['redactor'] = { overlap: 0, redact: (bytes) => ({ bytes, hits: 0 }) }

/** Hides one literal secret. */
export function hiding(secret: string): SandboxJob['redactor'] {
  return {
    overlap: secret.length,
    redact(bytes) {
      const parts = Buffer.from(bytes).toString('latin1').split(secret)
      return { bytes: Buffer.from(parts.join('[hidden]'), 'latin1'), hits: parts.length - 1 }
    },
  }
}

const NOBODY = 65534

/** Whoever runs the tests, and if that is root, an ordinary user too. */
export type User = 'the caller' | 'nobody'
export const users: readonly User[] = process.getuid?.() === 0 ? ['the caller', 'nobody'] : ['the caller']

/** A machine to run on: a home, a checkout and a state directory of its own, removed at the end. */
export async function host(t: ExecutionContext, options: { who?: User; under?: string } = {}): Promise<SandboxHost> {
  const root = await fs.realpath(await fs.mkdtemp(path.join(options.under ?? '/tmp', 'pp-sandbox-')))
  const at = await made(root, options.who === 'nobody' ? NOBODY : null)
  t.teardown(async () => {
    // An engine that was killed leaves them to the sweep of the next session.
    for (const cgroup of await cgroupsOf(at.state, at.session)) await removeCgroup(cgroup)
    await fs.rm(root, { recursive: true, force: true })
  })
  return at
}

async function made(root: string, id: number | null): Promise<SandboxHost> {
  const [checkout, home, state] = [path.join(root, 'user/project'), path.join(root, 'home'), path.join(root, 'state')]
  for (const dir of [checkout, home, state]) await fs.mkdir(dir, { recursive: true })
  if (id !== null) for (const dir of [root, path.dirname(checkout), checkout, home, state]) await fs.chown(dir, id, id)
  return {
    checkout,
    home,
    state,
    uid: id ?? process.getuid?.() ?? 0,
    gid: id ?? process.getgid?.() ?? 0,
    path: process.env['PATH'] ?? '/usr/bin:/bin',
    session: `01jd${randomBytes(11).toString('hex')}`,
    bounds: { memory: 1 << 30, cpus: null, processes: 200, disk: 1 << 30 },
    clock: { now: () => new Date(), elapsed: () => performance.now(), random: (n) => randomBytes(n) },
    probes: NO_MEMORY,
  }
}

/** A work tree with these files beside the checkout; no git. */
export async function workspace(at: SandboxHost, files: Readonly<Record<string, string>> = {}): Promise<Workspace> {
  const dir = path.join(await fs.mkdtemp(path.join(at.state, 'tree-')), path.basename(at.checkout))
  await fs.mkdir(dir)
  await writeAll(dir, files)
  return {
    tree: '0'.repeat(40),
    dir,
    git: null,
    stack: null,
    write: async () => {},
    touched: async () => new Map(),
    stamps: async () => new Map(),
    watchReads: async () => async () => null,
    untracked: async () => [],
    restore: async () => {},
    leftovers: async () => [],
    dispose: async () => {},
  }
}

export function job(at: SandboxHost, tree: Workspace, shell: string, more: Partial<SandboxJob> = {}): SandboxJob {
  return {
    command: { shell },
    workspace: tree,
    cwd: '',
    env: { PATH: at.path, HOME: at.home, LC_ALL: 'C', TMPDIR: '/tmp' },
    timeoutMs: 20_000,
    limit: 'per-command',
    maxOutputBytes: 1_000_000,
    network: 'deny',
    readOnly: [],
    includes: [],
    redactor: open,
    signal: new AbortController().signal,
    ...more,
  }
}

export function said(execution: Execution): string {
  return Buffer.from(execution.stdout.kept).toString('utf8')
}

export function complained(execution: Execution): string {
  return Buffer.from(execution.stderr.kept).toString('utf8')
}

export interface More {
  readonly files?: Readonly<Record<string, string>>
  /** A work tree that exists already, instead of `files`. */
  readonly dir?: string
  readonly git?: SyntheticGit
  /** True: the files are the lower layer of a stacked tree. */
  readonly layered?: boolean
  readonly job?: Partial<SandboxJob>
}

export interface Outcome {
  readonly probe: string | null
  readonly ended: Ended
  readonly out: string
  readonly err: string
  readonly dir: string
  /** What stands in the upper layer of a stacked tree afterwards. */
  readonly written: readonly string[]
  readonly durationMs: number
  readonly enforces: EnforcedRestrictions
}

export async function outcome(child: ChildProcess): Promise<Outcome> {
  let out = ''
  for await (const chunk of child.stdout ?? []) out += chunk
  return JSON.parse(out) as Outcome
}

/** Command lines of living processes that hold `word`. */
export async function commandLines(word: string): Promise<string[]> {
  const found: string[] = []
  for (const pid of await fs.readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const line = await fs.readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (line.includes(word) && !line.includes('machine-run')) found.push(line.replaceAll('\0', ' '))
  }
  return found
}

/** A git directory for one commit of `files`, with objects that lie elsewhere; everything the host's user's own. */
export async function syntheticGit(at: SandboxHost, files: Readonly<Record<string, string>>): Promise<SyntheticGit> {
  const [source, dir] = [path.join(at.state, 'source'), path.join(at.state, 'git')]
  await writeAll(source, files)
  const env = { PATH: at.path, HOME: at.home, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com']
  for (const args of [
    ['init', '-q'],
    ['add', '.'],
    [...who, 'commit', '-q', '-m', 'the tree'],
  ])
    await promisify(execFile)('git', ['-C', source, ...args], { env })
  await fs.cp(path.join(source, '.git'), dir, { recursive: true, filter: (name) => !name.includes('/.git/objects/') })
  await fs.mkdir(path.join(dir, 'objects/info'), { recursive: true })
  await fs.writeFile(path.join(dir, 'objects/info/alternates'), '/run/pp/objects\n')
  for (const name of ['source', 'git'])
    await promisify(execFile)('chown', ['-R', `${at.uid}:${at.gid}`, path.join(at.state, name)])
  return { dir, objects: path.join(source, '.git/objects'), objectsInside: '/run/pp/objects' }
}

async function writeAll(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await fs.mkdir(path.dirname(path.join(dir, name)), { recursive: true })
    await fs.writeFile(path.join(dir, name), text)
  }
}

const CONFINED = ['bubblewrap', 'unshare']

export async function plugOf(kind: string): Promise<SandboxKind> {
  const { default: plug } = (await import(`../../../src/engine/sandboxes/${kind}.ts`)) as { default: SandboxKind }
  return plug
}

/** The kinds that can run here; none on a machine without namespaces. */
export async function working(): Promise<readonly string[]> {
  const root = await fs.mkdtemp('/tmp/pp-sandbox-')
  try {
    const at = await made(root, null)
    const faults = await Promise.all(CONFINED.map(async (kind) => (await plugOf(kind)).probe(at)))
    return CONFINED.filter((_, n) => faults[n] === null)
  } finally {
    await fs.rm(root, { recursive: true, force: true })
  }
}
