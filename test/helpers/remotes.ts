import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as path from 'node:path'
import type { ExecutionContext } from 'ava'
import { pp } from './pp.ts'
import { repoAt, type TestRepo } from './repo.ts'

/** Commits a state that says `word` and proves it; the session and its commit. */
export async function proved(repo: TestRepo, word = 'good'): Promise<{ session: string; commit: string }> {
  const commit = await repo.commit(`Say ${word}`, { 'state.txt': `${word}\n` })
  const command = `grep -qx ${word} state.txt`
  const { json, stderr } = await pp(repo, ['prove', 'HEAD', command, '--runs', '1', '--json'])
  if (json.verdict !== 'PROVED') throw new Error(`${json.verdict}: ${json.reason} ${stderr}`)
  return { session: String(json['session']), commit }
}

/** A bare repository beside `repo` that holds its main branch; `repo` knows it as `origin`. */
export async function withOrigin(repo: TestRepo): Promise<string> {
  const dir = path.join(path.dirname(repo.home), 'origin.git')
  await repo.git('init', '-q', '--bare', dir)
  await repo.git('remote', 'add', 'origin', dir)
  await repo.git('push', '-q', 'origin', 'main')
  return dir
}

/** A second checkout of `from` with the same HOME; `git` runs there. */
export async function cloneOf(repo: TestRepo, from: string, name: string, ...how: string[]): Promise<TestRepo> {
  const dir = path.join(path.dirname(repo.home), name)
  await repo.git('clone', '-q', ...how, from, dir)
  return repoAt(dir, repo.home, repo.env)
}

export interface Served {
  readonly url: string
  /** `GET /repo.git/info/refs?service=…`, one entry a request. */
  readonly requests: readonly string[]
}

/** Serves a bare repository by git's own `http-backend` on loopback; with `password`, only to the user `reader`. */
export async function serve(t: ExecutionContext, repo: TestRepo, dir: string, password?: string): Promise<Served> {
  const requests: string[] = []
  await repo.git('-C', dir, 'config', 'http.receivepack', 'true')
  const wanted = password && `Basic ${Buffer.from(`reader:${password}`).toString('base64')}`
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    if (wanted && request.headers.authorization !== wanted) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end()
    } else cgi(repo, dir, request, response)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  t.teardown(() => new Promise<void>((closed) => server.close(() => closed())))
  t.teardown(() => server.closeAllConnections())
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/${path.basename(dir)}`, requests }
}

/** The common gateway interface (RFC 3875), as much as git needs. */
function cgi(repo: TestRepo, dir: string, request: IncomingMessage, response: ServerResponse): void {
  const [script = '', query = ''] = (request.url ?? '').split('?')
  const { 'content-type': type, 'content-encoding': encoding, 'git-protocol': protocol } = request.headers
  const child = spawn('git', ['http-backend'], {
    env: {
      ...repo.env,
      GIT_PROJECT_ROOT: path.dirname(dir),
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: script,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: type ?? '',
      HTTP_CONTENT_ENCODING: encoding ?? '',
      GIT_PROTOCOL: String(protocol ?? ''),
      REMOTE_USER: 'reader',
    },
  })
  request.pipe(child.stdin.on('error', () => {}))
  let head: Buffer | null = Buffer.alloc(0)
  child.stdout.on('data', (chunk: Buffer) => {
    if (head === null) return void response.write(chunk)
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return
    const fields = head
      .subarray(0, end)
      .toString('latin1')
      .split('\r\n')
      .map((line) => line.split(/: */, 2))
    const status = fields.find(([name]) => name?.toLowerCase() === 'status')?.[1]
    for (const [name, value] of fields) if (name && value && name !== 'Status') response.setHeader(name, value)
    response.writeHead(Number.parseInt(status ?? '200', 10))
    response.write(head.subarray(end + 4))
    head = null
  })
  child.on('close', () => response.end())
}
