import test from 'ava'
import type { ProposerAnswer } from '../../../src/engine/model/proposal.ts'
import { asked, reasonOf } from '../../helpers/asked-server.ts'
import { json, part, stream, whole } from '../../helpers/exchange-server.ts'
import { REPLY } from '../../unit/proposers/request.ts'

/** In ms of CPU time of this process. */
async function cpu(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

for (const [title, piece] of [
  ['text', 'abcd'],
  ['blank lines', '\n\n\n\n'],
  ['carriage returns', '\r\r\r\r'],
  ['fences that are not closed', '```diff\n'],
] as const) {
  test.serial(`50,000 events of ${title} take about ten times the time of 5,000`, async (t) => {
    const events = (count: number) => [
      stream([...Array(count).fill(part({ content: piece, reasoning: piece })), part({ content: REPLY }, 'stop')]),
    ]
    const look = (answer: ProposerAnswer) => t.is(answer.how, 'reply')
    await cpu(() => asked(events(5000), look))
    const few = await cpu(() => asked(events(5000), look))
    const many = await cpu(() => asked(events(50_000), look))
    t.true(many < 20 * few, `${few} and ${many} ms`)
  })
}

for (const [title, exchange] of [
  ['a document', json(whole({ content: 'x'.repeat(20_000_000) }))],
  ['one event', stream([part({ content: 'x'.repeat(20_000_000) }, 'stop')])],
  ['many events', stream([...Array(200).fill(part({ content: 'x'.repeat(100_000) })), part({}, 'stop')])],
] as const) {
  test.serial(`20 MB as ${title} are downloaded once at most, and told`, (t) =>
    asked([exchange], (answer, server) => {
      t.regex(reasonOf(answer), /truncated: .* sent far more than a reply/)
      t.is(server.bodies.length, 1)
    }),
  )
}
