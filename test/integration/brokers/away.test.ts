import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { natsBroker } from '../../../src/engine/brokers/index.ts'
import { testBroker } from '../../helpers/broker.ts'
import { needing } from '../../helpers/needs.ts'

const serving = needing('/usr/sbin/nats-server')
const bytes = (text: string) => new TextEncoder().encode(text)
const address = { repository: '0123456789abcdef', asker: 'alice', key: 'a'.repeat(64), ordinal: 1 }

serving('a job that is put into the queue while the broker is away stands there once when it is back', async (t) => {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'pp-broker-')))
  const server = await testBroker(t, dir)
  const alice = await natsBroker({ url: server.url, name: 'alice', nkey: null, creds: null, tls: null })
  t.teardown(() => alice.close())
  await alice.prepare([address.repository])
  await server.kill()
  const asked = alice.board.ask(address, bytes('job'))
  // Longer than one try.
  await sleep(11_000)
  await server.start()
  await asked
  t.deepEqual(await alice.board.depth(address.repository), { waiting: 1, claimed: 0 })
  t.is(await alice.board.ask(address, bytes('job')), 'known')
})
