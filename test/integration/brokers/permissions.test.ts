import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, nkeyAuthenticator, nkeys } from '@nats-io/transport-node'
import { natsBroker } from '../../../src/engine/brokers/index.ts'
import { testBroker } from '../../helpers/broker.ts'
import { needing } from '../../helpers/needs.ts'

const serving = needing('/usr/sbin/nats-server')
const CONFIG = readFileSync(join(import.meta.dirname, '../../../contrib/machines/nats.conf'), 'utf8')
const address = { repository: '0123456789abcdef', asker: 'alice', key: 'a'.repeat(64), ordinal: 1 }
const bytes = (text: string) => new TextEncoder().encode(text)

serving(
  'with the example configuration, askers and workers do their part, and nothing in the name of others',
  async (t) => {
    const dir = await realpath(await mkdtemp(join(tmpdir(), 'pp-broker-')))
    const seeds = new Map(['ADMIN', 'ALICE', 'W1'].map((name) => [name, nkeys.createUser()]))
    const authorization = CONFIG.slice(CONFIG.indexOf('authorization {')).replace(
      /U_PUBLIC_KEY_OF_(\w+)/g,
      (_, name: string) => seeds.get(name)?.getPublicKey() ?? '',
    )
    const { url } = await testBroker(t, dir, authorization)
    const seedOf = (name: string) => new TextDecoder().decode(seeds.get(name)?.getSeed())
    const open = (name: string, as = name) =>
      natsBroker({ url, name, nkey: seedOf(as.toUpperCase()), creds: null, tls: null })
    const [admin, alice, one] = [await open('admin'), await open('alice'), await open('w1')]
    t.teardown(() => Promise.all([admin, alice, one].map((broker) => broker.close())))
    await admin.prepare([address.repository])
    // Who may not make streams works with those that are there.
    await alice.prepare([address.repository])
    await one.prepare([address.repository])

    t.is(await alice.board.ask(address, bytes('job')), 'queued')
    t.deepEqual(await alice.board.depth(address.repository), { waiting: 1, claimed: 0 })
    t.deepEqual([...(await alice.board.standing(address.repository, 'alice'))], [`${address.key}.1`])
    const claimed = await one.queue.next([address.repository], 2000)
    t.like(claimed, { address, deliveries: 1 })
    await one.queue.tell(address, { run: 'r', is: 'began' })
    const [told, ...others] = await one.queue.told(address)
    t.like(told, { run: 'r', is: 'began', worker: 'w1', ordinal: 1 })
    t.deepEqual(others, [])
    t.true(Math.abs((told?.at ?? 0) - (claimed?.queuedAt ?? 0)) < 60_000)
    t.false(await one.queue.isCancelled(address))
    await alice.board.cancel(address)
    t.true(await one.queue.isCancelled(address))
    await one.queue.answer(address, 'r', bytes('result'))
    await claimed?.done()
    // Compressed, it is still larger than the largest message.
    const large = randomBytes(1_500_000)
    await one.queue.answer({ ...address, key: 'b'.repeat(64) }, 'r', large)
    const stored = await alice.board.store('alice', large)
    t.like(stored, { bytes: large.length, parts: 3 })
    t.true(await alice.board.has('alice', stored))
    t.false(await alice.board.has('alice', { ...stored, digest: 'f'.repeat(64) }))
    t.deepEqual(Buffer.from((await one.queue.load('alice', stored)) ?? []), large)
    t.is(await one.queue.load('alice', { ...stored, parts: 2 }), null)
    t.is(await one.queue.load('alice', { ...stored, bytes: 1_100_000 }), null)
    const [result] = await alice.board.results('alice', 0, 10, 1000)
    t.like(result, { key: address.key, worker: 'w1' })
    const [, other] = await alice.board.results('alice', 0, 10, 1000)
    t.deepEqual(Buffer.from(other?.bytes ?? []), large)

    const denied = { code: 'BROKER_FAILED' }
    await t.throwsAsync(alice.board.ask({ ...address, asker: 'bob' }, bytes('job')), denied, 'a job of another asker')
    await t.throwsAsync(alice.board.cancel({ ...address, asker: 'bob' }), denied, 'a cancel of another asker')
    await t.throwsAsync(alice.board.store('bob', large), denied, 'an object of another asker')
    await t.throwsAsync(alice.board.results('bob', 0, 10, 1000), denied, 'results of another asker')
    await t.throwsAsync(alice.queue.next([address.repository], 1000), denied, 'jobs for a worker')
    await t.throwsAsync(alice.queue.answer(address, 'r', bytes('result')), denied, 'a result by an asker')
    await t.throwsAsync(one.board.ask(address, bytes('job')), denied, 'a job by a worker')
    await t.throwsAsync(one.board.cancel(address), denied, 'a cancel by a worker')
    await t.throwsAsync(one.board.results('alice', 0, 10, 1000), denied, 'results for a worker')
    await t.throwsAsync(one.board.newest(), denied, 'a look at the results')
    const twin = await natsBroker({ url, name: 'w1', nkey: seedOf('W1'), creds: null, tls: null })
    await twin.close()
    const asOther = await connect({
      ...{ servers: [url], inboxPrefix: '_INBOX.w1' },
      authenticator: nkeyAuthenticator(bytes(seedOf('W1'))),
    })
    t.teardown(() => asOther.close())
    const refused = (subject: string) =>
      asOther.request(subject, '', { timeout: 2000 }).then(
        () => 'answered',
        (error: Error) => error.message,
      )
    for (const subject of [
      `pp.results.alice.${address.key}.w2`,
      `pp.runs.alice.${address.key}.1.w2`,
      `pp.objects.results.alice.w2.${address.key}.1`,
      `pp.objects.bundles.alice.${address.key}.1`,
      '$JS.API.DIRECT.GET.PP_OBJECTS.pp.objects.results.alice.w1.x.1',
      '$JS.API.STREAM.PURGE.PP_JOBS',
      '$JS.API.STREAM.DELETE.PP_RESULTS',
      '$JS.API.STREAM.MSG.GET.PP_RESULTS',
      '$JS.API.CONSUMER.CREATE.PP_RESULTS',
      '$JS.API.DIRECT.GET.PP_RESULTS',
    ])
      t.regex(await refused(subject), /permission/i, subject)
    const overheard = asOther.subscribe('_INBOX.alice.>', {
      callback: (error) => void heard.push(error?.message ?? 'heard'),
    })
    const heard: string[] = []
    await asOther.flush()
    await alice.board.depth(address.repository)
    await asOther.flush()
    t.deepEqual(
      heard.filter((one) => !/permission/i.test(one)),
      [],
    )
    t.true(heard.length > 0 || overheard.isClosed())
  },
)
