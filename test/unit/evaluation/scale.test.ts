import test from 'ava'
import { dayOf } from '../../../evaluation/scale/day.ts'
import { timeline } from '../../../evaluation/scale/events.ts'
import { racePushes } from '../../../evaluation/scale/pushes.ts'
import { redeliveries, runFleet } from '../../../evaluation/scale/workers.ts'

test('events happen in the order of their moments, and one that was taken back does not', (t) => {
  const time = timeline()
  const seen: string[] = []
  for (const at of [5, 1, 4, 1, 3]) time.after(at, () => seen.push(`${at} at ${time.now}`))
  time.after(2, () => seen.push('never'))()
  time.after(1, () => time.after(1, () => seen.push(`later at ${time.now}`)))
  time.run(4)
  t.deepEqual(seen, ['1 at 1', '1 at 1', 'later at 2', '3 at 3', '4 at 4'])
  time.run()
  t.is(seen.at(-1), '5 at 5')
})

test('a killed worker loses no job, and its job is begun again when its claim ends', (t) => {
  const fleet = { workers: 2, jobs: 3, session: () => 10, claim: 5, renewed: 2 }
  t.deepEqual(runFleet(fleet), { seconds: 20, starts: 3, results: 3, doubles: 0, redelivered: null })
  // The claim was renewed at 6 s, and ends at 11 s; the other worker is free at 10 s and takes the third job first.
  const killed = runFleet({ ...fleet, kill: 7 })
  t.deepEqual(killed, { seconds: 30, starts: 4, results: 3, doubles: 0, redelivered: 13 })
})

test('with an idle worker, a job is begun again within the time of a claim', (t) => {
  const all = redeliveries({ spare: true, session: 20, claim: 5, renewed: 2 })
  t.true((all[0] ?? 0) >= 3)
  t.true((all.at(-1) ?? 9) <= 5)
})

test('one clone is never refused, and each further one is', (t) => {
  const race = { pushes: 10, tries: 0.25, spread: 0 }
  t.deepEqual(racePushes({ ...race, clones: 1 }), { perSecond: 4, refusals: 0 })
  t.true(racePushes({ ...race, clones: 8 }).refusals > 1)
})

test('the notes of one repository come later, the more proofs it has', (t) => {
  const day = { session: 30, repositories: 1, perHeldProof: 1e-4, writer: { batch: 0.1, proof: 1e-3 }, peak: 3 }
  const [few, many] = [dayOf({ ...day, proofs: 10_000 }), dayOf({ ...day, proofs: 500_000 })]
  t.true(few.latest < 20)
  t.true(many.latest > few.latest)
  t.is(Math.round(dayOf({ ...day, proofs: 86_400 }).sessions), 90)
})
