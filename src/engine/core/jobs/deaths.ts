import type { BrokerName, ToldRun } from '../../model/job.ts'

/** So many ends of workers make a job one that is not tried again. */
export const MOST_DEATHS = 4
/** On so many workers at least, so that one broken machine condemns no job. */
export const FEWEST_WORKERS = 2

/** Runs of a job that began and of which nobody heard again. */
export interface Deaths {
  readonly count: number
  readonly workers: readonly BrokerName[]
}

/** What ended its worker in an asking of a job. A run that was given back or ended is none, and neither is `own`. */
export function deathsIn(told: readonly ToldRun[], ordinal: number, own: string): Deaths {
  const of = told.filter((one) => one.ordinal === ordinal)
  const over = new Set(of.filter(({ is }) => is !== 'began').map(({ run }) => run))
  const lost = new Map(
    of.filter(({ is, run }) => is === 'began' && run !== own && !over.has(run)).map(({ run, worker }) => [run, worker]),
  )
  return { count: lost.size, workers: [...new Set(lost.values())].sort() }
}

/** Whether a job is not tried again. */
export function endsWorkers({ count, workers }: Deaths): boolean {
  return count >= MOST_DEATHS && workers.length >= FEWEST_WORKERS
}
