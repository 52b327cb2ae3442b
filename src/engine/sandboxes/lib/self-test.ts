import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type ListenOptions, type Server } from 'node:net'
import { join } from 'node:path'
import { PpError } from '../../model/error.ts'
import type { Execution } from '../../model/evidence.ts'
import type { Job, SandboxHost, SelfTest } from '../../ports/sandbox.ts'
import type { Workspace } from '../../ports/workspace.ts'

type Doors = readonly ListenOptions[]

/** The argv that tries doors from inside and prints 'open' or 'blocked' for each. */
export type Knock = (doors: Doors) => string[]

/** What fits into sockaddr_un everywhere; a longer path would be cut without a word. Bytes. */
const LONGEST_SOCKET = 100

/** Where the sockets of desktops, agents and databases lie. */
const PUBLIC = '/tmp'

/** For Node. */
const KNOCK = `
const net = require('node:net')
const knock = (door) => new Promise((resolve) => {
  const socket = net.connect(JSON.parse(door))
  const answer = (word) => { socket.destroy(); resolve(word) }
  socket.setTimeout(1000, () => answer('blocked'))
  socket.once('connect', () => answer('open')).once('error', () => answer('blocked'))
})
Promise.all(process.argv.slice(1).map(knock)).then((words) => console.log(words.join(' ')))
`

const knockByNode: Knock = (doors) => [...[process.execPath, '-e', KNOCK], ...doors.map((door) => JSON.stringify(door))]

/**
 * Opens a loopback port, a unix socket in the state directory, one in /tmp and (on Linux) an abstract one, and has a
 * program try them from inside, under network deny. Throws SANDBOX_UNAVAILABLE when the program could not be run.
 */
export async function tryDoors(
  host: SandboxHost,
  run: (job: Job) => Promise<Execution>,
  knock: Knock = knockByNode,
): Promise<SelfTest> {
  const dir = await mkdtemp(join(host.state, 'self-test-'))
  const apart = await mkdtemp(join(PUBLIC, 'pp-self-test-'))
  const doors: Doors = [
    { host: '127.0.0.1', port: 0 },
    ...(join(dir, 's').length < LONGEST_SOCKET ? [{ path: join(dir, 's') }] : []),
    { path: join(apart, 's') },
    ...(process.platform === 'linux' ? [{ path: `\0${apart}` }] : []),
  ]
  const servers: Server[] = []
  try {
    const found: ListenOptions[] = []
    for (const door of doors) {
      const server = await listening(door)
      servers.push(server)
      const address = server.address()
      found.push(address !== null && typeof address === 'object' ? { host: address.address, port: address.port } : door)
    }
    return answerOf(await run(await plainJob(host, dir, knock(found))), found.length)
  } finally {
    for (const server of servers) server.close()
    await rm(dir, { recursive: true, force: true })
    await rm(apart, { recursive: true, force: true })
  }
}

function listening(door: ListenOptions): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', reject)
    server.listen(door, () => resolve(server))
  })
}

/** Runs a program that does nothing; null, or why that failed. */
export async function tryOut(host: SandboxHost, run: (job: Job) => Promise<Execution>): Promise<string | null> {
  const dir = await mkdtemp(join(host.state, 'try-out-'))
  try {
    const { ended } = await run(await plainJob(host, dir, ['true']))
    if (ended.how === 'exited' && ended.code === 0) return null
    return ended.how === 'not-run' ? ended.reason : `'true' ended as ${JSON.stringify(ended)}`
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** A job on an empty tree below `dir`. */
async function plainJob(host: SandboxHost, dir: string, argv: string[]): Promise<Job> {
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
  const nothing = async () => []
  const tree = '0'.repeat(40)
  return { tree, dir, git: null, write: async () => {}, touched: nothing, leftovers: nothing, dispose: async () => {} }
}

function answerOf(execution: Execution, doors: number): SelfTest {
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
