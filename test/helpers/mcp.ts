import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { BIN } from './pp.ts'
import type { TestRepo, Undoing } from './repo.ts'

/** The two ways in which clients begin: by a handshake, and without one. */
export const ERAS = { handshake: 'legacy', 'protocol of 2026-07-28': { pin: '2026-07-28' } } as const

interface How {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly era?: (typeof ERAS)[keyof typeof ERAS]
}

/** The text of an answer and its facts. */
export interface Told {
  readonly isError: boolean
  readonly text: string
  readonly structured: Readonly<Record<string, unknown>>
}

export interface ConnectedServer {
  readonly client: Client
  readonly pid: number
  call(name: string, question?: object, options?: Parameters<Client['callTool']>[1]): Promise<Told>
}

/** Starts `git pp mcp` with the SDK's own client; it is closed at the end of the test. */
export async function connect(
  t: Undoing,
  repo: TestRepo,
  args: readonly string[] = [],
  { cwd = repo.dir, env = {}, era = 'legacy' }: How = {},
): Promise<ConnectedServer> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [BIN, 'mcp', ...args],
    cwd,
    env: { ...repo.env, ...env },
    stderr: 'ignore',
  })
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: era } })
  await client.connect(transport)
  t.teardown(() => client.close())
  return {
    client,
    pid: transport.pid ?? 0,
    async call(name, question = {}, options = {}) {
      const { content, structuredContent, isError } = await client.callTool(
        { name, arguments: { ...question } },
        options,
      )
      const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
      return { isError: isError === true, text, structured: (structuredContent ?? {}) as Told['structured'] }
    },
  }
}

/** Asks until the prove is done, as an agent does. */
export async function untilDone(server: ConnectedServer, first: Told): Promise<Told> {
  let told = first
  while (told.structured['state'] === 'running' || told.structured['state'] === 'waiting')
    told = await server.call('prove_status', { id: told.structured['id'] })
  return told
}
