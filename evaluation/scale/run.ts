import { parseArgs } from 'node:util'
import { putInto, table } from '../shown/page.ts'
import { type Day, dayOf } from './day.ts'
import { MEASURED, PUSH } from './measured.ts'
import { racePushes, writerFrom } from './pushes.ts'
import { redeliveries, runFleet } from './workers.ts'

/**
 * A million proofs a day, calculated: a simulation first has to give what was measured with few jobs, and then says what happens with
 * many. Nothing here runs git pp.
 * usage: npx tsx evaluation/scale/run.ts [--write]; status 1 if the simulation does not give what was measured
 */
const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })

const A_DAY = 86_400
const writer = writerFrom(MEASURED.writer.single, MEASURED.writer.inHundreds)
const perHeldProof = (PUSH.many - PUSH.few) / PUSH.more

const compared = comparisons()
const wrong = compared.filter(({ measured, from, to }) => measured < from || measured > to)
const text = [
  table(
    ['figure', 'measured', 'simulated', 'what the simulation was given'],
    compared.map(({ name, measured, from, to, given }) => {
      const range = from === to ? shortly(from) : `${shortly(from)} to ${shortly(to)}`
      return [name, shortly(measured), range, given]
    }),
  ),
  table(
    ['a million proofs a day, a session of', 'sessions at once', 'machines of 8 sessions', 'claims renewed a second'],
    [5, 30, 120].map((session) => {
      const { sessions } = dayOf({ ...ofMany(1000), session })
      return [`${session} s`, shortly(sessions), Math.ceil(sessions / 8), shortly(sessions / 3)]
    }),
  ),
  // Sessions of 30 s, the busiest hour with three times the mean.
  table(
    ['repositories', 'proofs of the largest', 'its writer is busy', 'longest wait for a note there', 'writers'],
    [1, 10, 100, 1000, 10_000].map((repositories) => {
      const day = dayOf(ofMany(repositories))
      const busy = `${Math.round(day.writerBusy * 100)} %`
      return [repositories, Math.round(day.largest), busy, `${shortly(day.latest)} s`, day.writers]
    }),
  ),
  `The queue: ${shortly(1e6 / A_DAY)} jobs a second in the mean and ${shortly((1e6 / A_DAY) * 3)} in the busiest hour, which is ${shortly(((1e6 / A_DAY) * 300) / MEASURED.queue)} percent of what one server did. Results: ${shortly((MEASURED.resultBytes * 1e6) / 1e9)} GB a day through the stream. Notes: ${shortly((MEASURED.noteBytes * 1e6) / 1e9)} GB a day in packs.`,
].join('\n\n')
console.log(text)
if (values.write) await putInto('scale.md', 'a million proofs', text)
for (const { name } of wrong) console.error(`the simulation is not near what was measured: ${name}`)
process.exitCode = wrong.length === 0 ? 0 : 1

interface Comparison {
  readonly name: string
  readonly measured: number
  /** Nine of ten simulated figures lie between these. */
  readonly from: number
  readonly to: number
  readonly given: string
}

function comparisons(): readonly Comparison[] {
  const { claim, renewed, jobs, workers, pushRace, busySession: session } = MEASURED
  const fleet = runFleet({ jobs, workers, session: () => session, claim, renewed, kill: 300 })
  const claims = `a claim of ${claim} s, renewed every ${renewed} s`
  const exactly = (value: number) => ({ from: value, to: value })
  const among = (sorted: readonly number[]) => ({ from: quantile(sorted, 0.05), to: quantile(sorted, 0.95) })
  const seeds = Array.from({ length: 200 }, (_, n) => n + 1)
  const races = seeds.map((seed) => racePushes({ ...pushRace, tries: 0.26, spread: 0.3 }, seed))
  const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b)
  return [
    {
      ...{ name: 'results of 200 jobs, one of three workers killed', measured: jobs, given: 'the kill' },
      ...exactly(fleet.results),
    },
    { name: 'starts', measured: MEASURED.starts, given: 'the kill', ...exactly(fleet.starts) },
    {
      ...{ name: 'begun again after a kill, a worker idle, s', measured: MEASURED.redeliveredIdle, given: claims },
      ...among(redeliveries({ spare: true, session, claim, renewed })),
    },
    {
      ...{ name: 'begun again, the other worker busy, s', measured: MEASURED.redeliveredBusy },
      ...{ given: `${claims}; sessions of about ${shortly(session)} s` },
      ...among(redeliveries({ spare: false, session, claim, renewed })),
    },
    {
      ...{
        name: 'pushes a second of eight clones',
        measured: pushRace.perSecond,
        given: 'tries of 0.26 s, up to 30 % more or less, chosen so',
      },
      ...among(sorted(races.map(({ perSecond }) => perSecond))),
    },
    {
      ...{ name: 'refusals for each of these pushes', measured: pushRace.refusals, given: 'the same' },
      ...among(sorted(races.map(({ refusals }) => refusals))),
    },
  ]
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN
}

function ofMany(repositories: number): Day {
  return { proofs: 1e6, session: 30, repositories, perHeldProof, writer, peak: 3 }
}

function shortly(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)))
}
