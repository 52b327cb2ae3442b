import type { Ended } from '../../../model/evidence.ts'
import { endUnderInit } from '../init-script.ts'

/**
 * How the command in a container ended. `client`: how `start --attach` ended; `complaints`: its stderr up to the start
 * marker; `said`: what process 1 wrote at the end. The client uses 125 to 127 for problems of its own, and 1 if the daemon is
 * lost. So an end counts only if process 1 and the client report the same.
 */
export function endInContainer(client: Ended, begun: boolean, complaints: string, said: string): Ended {
  if (client.how === 'timed-out' || client.how === 'not-run') return client
  if (!begun) return { how: 'not-run', reason: excerpt(complaints) || 'the container did not start' }
  const last = /(?:^|\n)ended (\d{1,3})\n$/.exec(said)
  if (last === null || client.how !== 'exited' || client.code !== Number(last[1]))
    return { how: 'not-run', reason: `the container was stopped from outside (${spelled(client)})` }
  return endUnderInit(client, `ready\n${said.slice(0, last.index)}`)
}

function spelled(client: Ended): string {
  return client.how === 'exited' ? `exit ${client.code}` : client.how === 'signalled' ? client.signal : client.how
}

function excerpt(text: string): string {
  return text.trim().replaceAll('\n', '; ').slice(0, 500)
}
