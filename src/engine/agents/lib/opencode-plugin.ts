import { DEADLINE_S, TIMEOUT_S } from './gate-lines.ts'

/** A plugin of opencode: it asks the gate when a session becomes idle, and sends a refusal into the session as a message. */
export const OPENCODE_PLUGIN = `// Asks git pp at the end of a turn whether the work is done, and sends the agent on if it is not.
import { spawn } from 'node:child_process'

// The answer of the gate; an empty one where git pp is missing or fails.
function ask(args, said) {
  return new Promise((resolve) => {
    const argv = ['gate', '--agent', 'opencode', ...args]
    const child = spawn('git-pp', argv, { cwd: said.directory, stdio: ['pipe', 'pipe', 'ignore'] })
    const timer = setTimeout(() => child.kill(), ${TIMEOUT_S} * 1000)
    let text = ''
    child.on('error', () => resolve({}))
    child.stdin.on('error', () => {})
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.on('close', () => {
      clearTimeout(timer)
      try {
        resolve(JSON.parse(text))
      } catch {
        resolve({})
      }
    })
    child.stdin.end(JSON.stringify({ agent: 'opencode', ...said }))
  })
}

export const GitPp = async ({ client, directory }) => {
  const interrupted = new Set()
  const isSubAgent = async (id) => {
    const found = await client.session.get({ path: { id } }).catch(() => undefined)
    return Boolean(found?.data?.parentID)
  }
  const stopped = async (sessionID) => {
    if (interrupted.delete(sessionID)) return
    const event = (await isSubAgent(sessionID)) ? 'sub-agent stop' : 'stop'
    const { decision, reason } = await ask(['--deadline', '${DEADLINE_S}'], { event, sessionID, directory })
    if (decision !== 'block' || typeof reason !== 'string') return
    await client.session.prompt({ path: { id: sessionID }, body: { parts: [{ type: 'text', text: reason }] } })
  }
  return {
    event: async ({ event: { type, properties } }) => {
      if (type === 'session.error') interrupted.add(properties.sessionID)
      if (type === 'session.created' && !properties.info.parentID)
        await ask(['--begin'], { event: 'begin', sessionID: properties.info.id, directory })
      // Not awaited: opencode handles the message that this sends only after its other events.
      if (type === 'session.idle') stopped(properties.sessionID).catch(() => {})
    },
  }
}
`
