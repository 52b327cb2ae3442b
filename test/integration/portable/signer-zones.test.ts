import test from 'ava'
import { absoluteTime } from '../../../src/engine/core/sshsig/absolute-time.ts'
import { verifierOf } from '../../../src/engine/portable/verifiers.ts'
import ssh from '../../../src/engine/signers/ssh.ts'
import { host, source, sshKey } from '../../unit/signers/keys.ts'

const MESSAGE = Buffer.from('what is signed')
/** One of the first two has summer time at any time of the year. */
const ZONES = ['Europe/Berlin', 'Australia/Sydney', 'America/Santiago', 'Asia/Kolkata', 'UTC']
const MINUTE = 60_000

const before = process.env['TZ']
test.afterEach.always(() => {
  if (before === undefined) delete process.env['TZ']
  else process.env['TZ'] = before
})

const two = (number: number) => String(number).padStart(2, '0')
const localStamp = (at: Date) =>
  `${at.getFullYear()}${[at.getMonth() + 1, at.getDate(), at.getHours(), at.getMinutes()].map(two).join('')}`
const utcStamp = (at: Date) => `${at.toISOString().replace(/[-:T]/g, '').slice(0, 12)}Z`

for (const zone of ZONES)
  test.serial(
    `${zone}: ssh-keygen and the portable verifier agree about a line that begins or ends around now`,
    async (t) => {
      process.env['TZ'] = zone
      const own = await host(t)
      const there = { ...own, env: { ...own.env, TZ: zone } }
      const key = await sshKey(own, 'ed25519')
      const signature = await (await ssh.signer(source(key.text, key.file), own)).sign(MESSAGE)
      const answers = new Set<boolean>()
      for (const minutes of [-90, -30, 30, 90])
        for (const stamp of [localStamp, utcStamp])
          for (const option of ['valid-before', 'valid-after']) {
            const text = `a ${option}="${stamp(new Date(Date.now() + minutes * MINUTE))}" ${key.line}\n`
            const trust = { mode: 'ssh', name: 'list', text } as const
            const said = await (await ssh.verifier(trust, there)).check(MESSAGE, signature)
            const ours = await verifierOf(trust, { now: new Date(), revoked: null })
            t.deepEqual(await ours.check(MESSAGE, signature), said, text)
            answers.add(said !== null)
          }
      t.is(answers.size, 2)
    },
  )

/** What OpenSSH 9.2 takes these times for, found by bisection with `-O verify-time`. */
const TIMES: readonly (readonly [zone: string, text: string, utc: string])[] = [
  ['UTC', '20260701', '2026-07-01T00:00:00.000Z'],
  ['Europe/Berlin', '20260101', '2025-12-31T23:00:00.000Z'],
  ['Europe/Berlin', '20260701', '2026-06-30T23:00:00.000Z'],
  ['Europe/Berlin', '202603290230', '2026-03-29T01:30:00.000Z'],
  ['Europe/Berlin', '202610250230', '2026-10-25T01:30:00.000Z'],
  ['America/New_York', '20260701', '2026-07-01T05:00:00.000Z'],
  ['America/Sao_Paulo', '20180101', '2018-01-01T03:00:00.000Z'],
  ['America/Sao_Paulo', '20180701', '2018-07-01T03:00:00.000Z'],
  ['Australia/Sydney', '20260101', '2025-12-31T14:00:00.000Z'],
  ['Australia/Sydney', '20260701', '2026-06-30T14:00:00.000Z'],
  ['Asia/Kolkata', '20260701', '2026-06-30T18:30:00.000Z'],
  ['Australia/Sydney', '20260101Z', '2026-01-01T00:00:00.000Z'],
  ['Australia/Sydney', '20260101UTC', '2026-01-01T00:00:00.000Z'],
]

test.serial('a local time is standard time, in summer too', (t) => {
  for (const [zone, text, utc] of TIMES) {
    process.env['TZ'] = zone
    t.is(absoluteTime(text)?.toISOString(), utc, `${text} in ${zone}`)
  }
})
