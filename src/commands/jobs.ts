import * as Flags from '@oclif/core/flags'
import { cancelJobs, listJobs, PpError, retryJobs, watchJobs } from '../engine/index.ts'
import { verdictPrinter } from './prove-on.ts'
import { type CommandAnswer, type CommandInput, loudness, Verb } from './verb.ts'

export default class Jobs extends Verb {
  static override description =
    'Lists what workers were asked for from this repository with prove --on, and how much of it has an answer. With --watch, results are collected, checked and written into the notes.\nA batch is named by its id, or by the beginning of it.'
  static override usage = ['jobs [OPTIONS]']
  static override examples = [
    'git pp jobs',
    'git pp jobs --watch 01jd',
    'git pp jobs --retry 01jd',
    'git pp jobs --cancel 01jd',
  ]
  static override words = { most: 0, command: false, about: {} }
  static override flags = {
    ...loudness,
    watch: Flags.string({ helpValue: 'ID', description: 'collect the results of a batch until it is complete' }),
    cancel: Flags.string({
      helpValue: 'ID',
      summary: 'withdraw what has no answer yet',
      description: 'No worker takes it up, and a worker that runs it stops within some seconds.',
    }),
    retry: Flags.string({
      helpValue: 'ID',
      summary: 'ask again for what was not run, and collect',
      description: 'Also for jobs that ended their workers, which no worker would try again by itself.',
    }),
  }

  protected async answer({ caller, reporter, typed }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Jobs, [...typed.options])
    const { watch, cancel, retry } = flags
    if ([watch, cancel, retry].filter((one) => one !== undefined).length > 1)
      throw new PpError('USAGE', '--watch, --cancel and --retry name different things to do; leave all but one out')
    const printer = verdictPrinter({ caller, reporter, typed })
    if (watch !== undefined) {
      const { open } = await watchJobs(caller, watch, printer)
      return printer.end(watch, open)
    }
    if (retry !== undefined) {
      const { open } = await retryJobs(caller, retry, printer)
      return printer.end(retry, open)
    }
    if (cancel !== undefined) {
      const cancelled = await cancelJobs(caller, cancel)
      const reason = `${cancelled} ${cancelled === 1 ? 'job' : 'jobs'} cancelled`
      return { status: 0, json: { verdict: 'OK', reason, cancelled }, lines: () => [reason] }
    }
    const batches = await listJobs(caller)
    const reason = `${batches.length} ${batches.length === 1 ? 'batch' : 'batches'}`
    return {
      status: 0,
      json: { verdict: 'OK', reason, batches },
      lines: () =>
        batches.map(({ id, at, jobs, answered, what }) => `${id}  ${at.slice(0, 19)}  ${answered} of ${jobs}  ${what}`),
    }
  }
}
