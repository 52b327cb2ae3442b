import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import * as fs from 'node:fs/promises'
import { createServer, type ListenOptions, type Server } from 'node:net'
import * as path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ExecutionContext } from 'ava'

/** A caller's machine: where attacks look for prey. */
export interface Prey {
  readonly checkout: string
  readonly home: string
  readonly state: string
  readonly uid: number
  readonly gid: number
}

/** Listeners, secrets and a victim, all of which the user could reach without a sandbox; taken down at the end. */
export interface World {
  /** The argument of attack.py. */
  readonly targets: Readonly<Record<string, unknown>>
  /** Names of the ways out that somebody found. */
  readonly hits: readonly string[]
}

export const ATTACK = fileURLToPath(new URL('./attack.py', import.meta.url))

const SECRETS = [
  '.ssh/id_rsa',
  '.aws/credentials',
  '.npmrc',
  '.netrc',
  '.config/gh/hosts.yml',
  '.docker/config.json',
  'notes.txt',
]

/** `toolchain`: a directory under home whose `bin` is on PATH. `judge`: a file of the tree that must not be written. */
export async function world(t: ExecutionContext, prey: Prey, toolchain: string, judge: string): Promise<World> {
  const { checkout, home, state, uid, gid } = prey
  const apart = await fs.mkdtemp('/tmp/pp-attack-')
  t.teardown(() => fs.rm(apart, { recursive: true, force: true }))
  const put = async (file: string, text: string) => {
    await fs.mkdir(path.dirname(file), { recursive: true })
    await fs.writeFile(file, text)
  }
  for (const name of SECRETS) await put(path.join(home, name), 'SECRET')
  const [credential, beside] = [path.join(home, '.hex/hex.config'), path.join(checkout, '../other/file')]
  await put(credential, 'SECRET')
  await put(path.join(toolchain, 'bin/tool'), '#!/bin/sh\n')
  await put(beside, 'SECRET')
  await put(path.join(checkout, '.git/config'), '[remote "origin"]\n\turl = https://user:SECRET@example.com/x.git\n')
  await put(path.join(checkout, '.git/hooks/post-checkout'), '')
  for (const dir of [home, path.join(checkout, '..'), apart]) await own(dir, uid, gid)

  const hits: string[] = []
  const sockets = { state: path.join(state, 's'), home: path.join(home, 's'), tmp: path.join(apart, 's') }
  const abstract = `pp-attack-${apart}`
  const tcp = await listen(t, { host: '127.0.0.1', port: 0 }, () => hits.push('tcp'))
  for (const [name, at] of Object.entries(sockets)) {
    await listen(t, { path: at }, () => hits.push(name))
    await fs.chmod(at, 0o777)
  }
  await listen(t, { path: `\0${abstract}` }, () => hits.push('abstract'))
  const targets = {
    ...{ sockets, abstract, home, checkout, state, toolchain, credential, beside, uid, secrets: SECRETS },
    judge: path.join(checkout, judge),
    objects: '/run/pp/objects',
    tcp: portOf(tcp),
    udp: await listenUdp(t, () => hits.push('udp')),
    victim: victim(t, uid, gid),
    disk: [254, 0],
    engines: ['/var/run/docker.sock', '/run/podman/podman.sock', ...engineOf(process.env['DOCKER_HOST'])],
  }
  return { targets, hits }
}

function engineOf(host: string | undefined): readonly string[] {
  return host?.startsWith('unix://') ? [host.slice('unix://'.length)] : []
}

/** What only shows outside, after the run: name → whether it came through. `tree`: where the command worked. */
export async function outside(prey: Prey, tree: string): Promise<readonly (readonly [string, string])[]> {
  const there = (file: string) =>
    fs.access(file).then(
      () => 'open',
      () => 'blocked',
    )
  const tick = () => fs.readFile(path.join(tree, 'tick'), 'utf8').catch(() => '')
  const before = await tick()
  await delay(200)
  return [
    ['write a file in home', await there(path.join(prey.home, 'pp-attack'))],
    ['write a file of the checkout', await there(path.join(prey.checkout, 'pp-attack'))],
    ['leave a daemon behind', (await tick()) === before ? 'blocked' : 'open'],
  ]
}

async function own(dir: string, uid: number, gid: number): Promise<void> {
  await fs.chown(dir, uid, gid)
  for (const name of await fs.readdir(dir, { recursive: true })) await fs.lchown(path.join(dir, name), uid, gid)
}

function listen(t: ExecutionContext, at: ListenOptions, hit: () => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      hit()
      socket.destroy()
    })
    t.teardown(() => server.close())
    server.once('error', reject)
    server.listen(at, () => resolve(server))
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

function listenUdp(t: ExecutionContext, hit: () => void): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').on('message', hit)
    t.teardown(() => socket.close())
    socket.bind(0, '127.0.0.1', () => resolve(socket.address().port))
  })
}

/** A process of the same user with a key in its environment. */
function victim(t: ExecutionContext, uid: number, gid: number): number {
  const child = spawn('/bin/sleep', ['1000'], { env: { PP_SECRET_KEY: 'SECRET' }, uid, gid, stdio: 'ignore' })
  t.teardown(() => child.kill())
  if (child.pid === undefined) throw new Error('no victim')
  return child.pid
}
