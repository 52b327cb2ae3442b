import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { createServer } from 'node:net'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Undoing } from './repo.ts'

/** A real broker on a port of its own. */
export interface TestBroker {
  readonly url: string
  /** Ends it at once, as a crash would; what it has stored stays. */
  kill(): Promise<void>
  start(): Promise<void>
}

const SERVER = '/usr/sbin/nats-server'

/** Starts nats-server with its store in `dir`; `config`: lines of its configuration file. */
export async function testBroker(t: Undoing, dir: string, config = ''): Promise<TestBroker> {
  const port = await freePort()
  const file = path.join(dir, 'nats.conf')
  await fs.mkdir(dir, { recursive: true })
  await fs.writeFile(file, `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${dir}/store" }\n${config}\n`)
  let server: ChildProcess | null = null
  const broker: TestBroker = {
    url: `nats://127.0.0.1:${port}`,
    async start() {
      server = spawn(SERVER, ['-c', file], { stdio: 'ignore' })
      for (let tries = 0; tries < 200 && !(await accepts(port)); tries += 1) await sleep(50)
    },
    async kill() {
      const ended = new Promise((resolve) => server?.once('exit', resolve))
      server?.kill('SIGKILL')
      await ended
    },
  }
  t.teardown(() => void server?.kill('SIGKILL'))
  await broker.start()
  return broker
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function accepts(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}`).then(
    () => true,
    (error: Error) => !/ECONNREFUSED/.test(String(error.cause)),
  )
}
