import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, mkdtemp, open, stat } from 'node:fs/promises'
import { type AddressInfo, createServer, type ListenOptions, type Server } from 'node:net'
import { join } from 'node:path'
import { PpError } from '../../model/error.ts'
import type { Execution } from '../../model/evidence.ts'
import { removeTree } from '../../platform/index.ts'
import type { Sandbox, SandboxHost, SandboxJob, SandboxSelfTest } from '../../ports/sandbox.ts'
import type { Workspace } from '../../ports/workspace.ts'

/** What a program inside tries to reach: one of our listeners (in `dir`, if its path is relative), or a directory outside. */
export type EscapeRoute = (ListenOptions & { readonly dir?: string }) | { readonly place: string; readonly is: string }

/** The arguments of a program that tries these ways out from inside and prints 'open' or 'blocked' for each. */
export type EscapeProbe = (doors: readonly EscapeRoute[]) => string[]

/**
 * Where sockets of desktops, agents and databases are. Nothing is created there, because a killed session could not remove
 * it.
 */
const PUBLIC = '/tmp'

/** For Node. The path of a socket can have only few bytes, so it is relative. */
const KNOCK = `
const net = require('node:net')
const fs = require('node:fs')
const identity = (place) => { const { dev, ino } = fs.statSync(place); return dev + ':' + ino }
const knock = (door) => new Promise((resolve) => {
  try {
    if (door.place) return resolve(identity(door.place) === door.is ? 'open' : 'blocked')
    if (door.dir) process.chdir(door.dir)
  } catch { return resolve('blocked') }
  const socket = net.connect(door)
  const answer = (word) => { socket.destroy(); resolve(word) }
  socket.setTimeout(1000, () => answer('blocked'))
  socket.once('connect', () => answer('open')).once('error', () => answer('blocked'))
})
Promise.all(process.argv.slice(1).map((door) => knock(JSON.parse(door)))).then((words) => console.log(words.join(' ')))
`

const knockByNode: EscapeProbe = (doors) => [
  ...[process.execPath, '-e', KNOCK],
  ...doors.map((door) => JSON.stringify(door)),
]

/**
 * Opens a loopback port, a unix socket in the state directory and (on Linux) an abstract socket, and runs a program inside
 * with the network denied that tries to reach them and our /tmp. Throws SANDBOX_UNAVAILABLE if the program could not be run.
 */
export async function tryEscapeRoutes(
  host: SandboxHost,
  run: (job: SandboxJob) => Promise<Execution>,
  knock: EscapeProbe = knockByNode,
): Promise<SandboxSelfTest> {
  const dir = await mkdtemp(join(host.state, 'self-test-'))
  const handle = await open(dir, constants.O_RDONLY | constants.O_DIRECTORY)
  const servers: Server[] = []
  const listen = async (at: ListenOptions) => {
    const server = await listening(at)
    servers.push(server)
    return server.address()
  }
  try {
    const loopback = await listen({ host: '127.0.0.1', port: 0 })
    const linux = process.platform === 'linux'
    await listen({ path: linux ? `/proc/self/fd/${handle.fd}/s` : join(dir, 's') })
    const abstract = `\0pp-${randomUUID()}`
    if (linux) await listen({ path: abstract })
    const { dev, ino } = await stat(PUBLIC)
    const doors: readonly EscapeRoute[] = [
      { host: '127.0.0.1', port: (loopback as AddressInfo).port },
      { dir, path: 's' },
      ...(linux ? [{ path: abstract }] : []),
      { place: PUBLIC, is: `${dev}:${ino}` },
    ]
    return answerOf(await run(await plainJob(host, dir, knock(doors))), doors.length)
  } finally {
    for (const server of servers) server.close()
    await handle.close()
    await removeTree(dir)
  }
}

function listening(door: ListenOptions): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', reject)
    server.listen(door, () => resolve(server))
  })
}

/**
 * Runs a program that does nothing, unless the sandbox checks every run and an earlier session did; returns null, or why it
 * failed.
 */
export async function tryProgram(
  host: SandboxHost,
  { kind, version, checkedPrograms, run }: Sandbox,
): Promise<string | null> {
  if (checkedPrograms === undefined) return faultOf(host, run)
  let fault: string | null = null
  await host.probes.recall(`${kind} ${version} runs true`, checkedPrograms, async () => {
    fault = await faultOf(host, run)
    return fault === null ? 'it does' : null
  })
  return fault
}

async function faultOf(host: SandboxHost, run: Sandbox['run']): Promise<string | null> {
  const dir = await mkdtemp(join(host.state, 'try-out-'))
  try {
    const { ended } = await run(await plainJob(host, dir, ['true']))
    if (ended.how === 'exited' && ended.code === 0) return null
    return ended.how === 'not-run' ? ended.reason : `the program 'true' ended with ${JSON.stringify(ended)}`
  } finally {
    await removeTree(dir)
  }
}

/** The `probe` of a kind, made of its `openIfWorks`. */
export function whatIsMissing(
  openIfWorks: (host: SandboxHost) => Promise<Sandbox | string>,
): (host: SandboxHost) => Promise<string | null> {
  return async (host) => {
    const opened = await openIfWorks(host)
    return typeof opened === 'string' ? opened : null
  }
}

/** A job on an empty tree below `dir`. */
async function plainJob(host: SandboxHost, dir: string, argv: string[]): Promise<SandboxJob> {
  const work = join(dir, 'work')
  await mkdir(work)
  return {
    command: { argv },
    workspace: emptyWorkspace(work),
    cwd: '',
    env: { PATH: host.path },
    timeoutMs: 10_000,
    limit: 'per-command',
    maxOutputBytes: 4096,
    network: 'deny',
    readOnly: [],
    includes: [],
    redactor: { overlap: 0, redact: (bytes) => ({ bytes, hits: 0 }) },
    signal: new AbortController().signal,
  }
}

function emptyWorkspace(dir: string): Workspace {
  const tree = '0'.repeat(40)
  const none = async () => new Map()
  const files = {
    write: async () => {},
    touched: none,
    stamps: none,
    restore: async () => {},
    leftovers: async () => [],
    watchReads: async () => async () => null,
    untracked: async () => [],
  }
  return { tree, dir, git: null, stack: null, ...files, dispose: async () => {} }
}

function answerOf(execution: Execution, doors: number): SandboxSelfTest {
  const { ended, stdout, stderr } = execution
  const [loopback, ...sockets] = text(stdout.kept).trim().split(' ')
  if (ended.how === 'exited' && ended.code === 0 && sockets.length === doors - 1)
    return {
      loopback: loopback === 'open' ? 'open' : 'blocked',
      unixSocket: sockets.includes('open') ? 'open' : 'blocked',
    }
  const reason = ended.how === 'not-run' ? ended.reason : `${JSON.stringify(ended)} ${text(stderr.kept).slice(0, 500)}`
  throw new PpError('SANDBOX_UNAVAILABLE', `the sandbox cannot run a program: ${reason}`)
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}

/** Runs the self-test at the first call, and returns the same result afterwards. */
export function onceTested(test: () => Promise<SandboxSelfTest>): () => Promise<SandboxSelfTest> {
  let tested: Promise<SandboxSelfTest> | undefined
  return () => (tested ??= test())
}
