import type { Readable, Writable } from 'node:stream'
import { McpServer, type ServerContext } from '@modelcontextprotocol/server'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { PpError } from '../../model/error.ts'
import { escapeLine } from '../../report/index.ts'
import type { Tool, ToolRequest } from './tool.ts'

/** In bytes; a question has a few hundred. */
const LARGEST_MESSAGE = 1024 * 1024
/** In ms: what happens more often is told once. */
const BETWEEN_LINES = 200

export interface ServerWords {
  readonly name: string
  readonly version: string
  readonly instructions: string
}

export interface ServerStreams {
  readonly input: Readable
  readonly output: Writable
}

/** Answers over the two streams until the client goes away or `stop` is aborted. */
export async function serve(
  tools: readonly Tool[],
  { name, version, instructions }: ServerWords,
  { input, output }: ServerStreams,
  stop: AbortSignal,
): Promise<void> {
  const transport = new ClosingTransport(input, output, { maxBufferSize: LARGEST_MESSAGE })
  const handle = serveStdio(
    () => {
      const server = new McpServer({ name, version }, { instructions, capabilities: { tools: { listChanged: false } } })
      for (const tool of tools) offer(server, tool)
      return server
    },
    { transport },
  )
  const close = () => void handle.close()
  stop.addEventListener('abort', close)
  if (stop.aborted) close()
  await transport.closed
  stop.removeEventListener('abort', close)
  input.destroy()
}

/** Tells when it is closed, whoever closed it. */
class ClosingTransport extends StdioServerTransport {
  private end = () => {}
  readonly closed = new Promise<void>((resolve) => {
    this.end = resolve
  })

  override async close(): Promise<void> {
    await super.close()
    this.end()
  }
}

function offer(server: McpServer, tool: Tool): void {
  const { title, description, question: inputSchema, answer: outputSchema, annotations } = tool
  server.registerTool(
    tool.name,
    { title, description, inputSchema, outputSchema, annotations },
    async (question, context) => {
      try {
        const { text, structured } = await tool.call(question, requestOf(context))
        return { content: [{ type: 'text' as const, text }], structuredContent: structured }
      } catch (error) {
        return { content: [{ type: 'text' as const, text: faultText(error) }], isError: true }
      }
    },
  )
}

/** Progress is told only to a client that asked for it, and a client that went away is not told. */
function requestOf({ mcpReq }: ServerContext): ToolRequest {
  const progressToken = mcpReq._meta?.progressToken
  let [progress, toldAt] = [0, Number.NEGATIVE_INFINITY]
  return {
    cancelled: mcpReq.signal,
    tell(message) {
      const now = performance.now()
      if (progressToken === undefined || message === '' || now - toldAt < BETWEEN_LINES) return
      toldAt = now
      progress += 1
      const params = { progressToken, progress, message }
      mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {})
    },
  }
}

/** The first line says what is wrong; a second one, what would help. */
function faultText(error: unknown): string {
  if (error instanceof PpError)
    return [error.message, ...(error.mend === undefined ? [] : [error.mend])]
      .flatMap((part) => part.split('\n'))
      .map(escapeLine)
      .join('\n')
  const what = error instanceof Error ? `${error.name}: ${error.message.split('\n', 1)[0]}` : String(error)
  return `internal error in git pp: ${escapeLine(what)}`
}
