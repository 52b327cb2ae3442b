import * as Flags from '@oclif/core/flags'
import { either, KEY_MODES, PpError, type WorkerEvent, worker } from '../engine/index.ts'
import { positiveNumber } from './option-values.ts'
import { writeNow } from './output.ts'
import { type CommandAnswer, type CommandInput, loudness, Verb } from './verb.ts'

export const onFlag = Flags.string({
  helpValue: 'URL',
  summary: 'the broker: nats://HOST:PORT or tls://HOST:PORT; default: pp.broker of your git config',
  description:
    'Keys and credentials come from files that your own git config or your environment names, never from the repository.',
})

export default class Worker extends Verb {
  static override description =
    'Takes jobs from a broker (NATS JetStream), proves each in a clone of its own, and answers with the proof, signed with the key of this worker.\nIt serves only the repositories of its list, only for the askers that the list names, and under the policy that the list names. Without a sandbox that works it does not start. At the first Ctrl-C or SIGTERM it finishes what is under way; at the second it gives it back.'
  static override usage = ['worker [OPTIONS] --repositories FILE --key FILE']
  static override examples = [
    'git pp worker --on nats://127.0.0.1:4222 --repositories repositories.yaml --key worker.key',
    'git pp worker --repositories repositories.yaml --key worker.key --jobs 4 --name build7',
  ]
  static override words = { most: 0, command: false, about: {} }
  static override drains = true
  static override flags = {
    ...loudness,
    on: onFlag,
    repositories: Flags.string({
      helpValue: 'FILE',
      summary: 'the repositories that it serves, and for whom',
      description: 'YAML or JSON; docs/reference.md has its keys.',
    }),
    key: Flags.string({ helpValue: 'FILE', description: 'the key that signs its results' }),
    mode: Flags.option({
      options: KEY_MODES,
      helpValue: 'MODE',
      description: `the kind of that key: ${either(KEY_MODES)}; default: ed25519`,
    })(),
    name: Flags.string({
      helpValue: 'NAME',
      summary: 'its name on the broker; default: the name of the machine and the start of the key id',
      description: 'Letters, digits, - and _. It has to differ from that of every other worker.',
    }),
    jobs: Flags.string({ helpValue: 'N', description: 'how many jobs may run at once; default: 1' }),
    metrics: Flags.string({
      helpValue: 'PORT',
      summary: 'serve counters for Prometheus at http://127.0.0.1:PORT/metrics',
      description: 'Only on this machine.',
    }),
  }

  protected async answer({ caller, typed, stop }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Worker, [...typed.options])
    const { repositories, key } = flags
    if (repositories === undefined) throw new PpError('USAGE', 'a worker needs --repositories FILE')
    if (key === undefined)
      throw new PpError('USAGE', 'a worker needs --key FILE', { mend: 'git pp keygen worker.key makes a key' })
    const metrics = positiveNumber('--metrics', flags.metrics)
    const asked = {
      ...{ repositories, keyFile: key, mode: flags.mode ?? 'ed25519', stop },
      jobs: positiveNumber('--jobs', flags.jobs) ?? 1,
      ...(metrics === undefined ? {} : { metrics }),
      ...(flags.on === undefined ? {} : { on: flags.on }),
      ...(flags.name === undefined ? {} : { name: flags.name }),
    }
    const tell = (event: WorkerEvent) => {
      if (!flags.quiet && (flags.verbose || event.is === 'ready' || event.is === 'fault'))
        writeNow(2, `${eventLine(event)}\n`)
    }
    const { answered, refused, givenBack, cancelled, name } = await worker(caller, asked, tell)
    const reason = `${answered} answered, ${refused} refused, ${givenBack} given back, ${cancelled} cancelled`
    return {
      status: 0,
      json: { verdict: 'OK', reason, name, answered, refused, givenBack, cancelled },
      lines: () => [reason],
    }
  }
}

function eventLine(event: WorkerEvent): string {
  switch (event.is) {
    case 'ready':
      return `ready: ${event.name} serves ${event.repositories.join(', ')}; its key is ${event.key}`
    case 'began':
      return `job ${event.key.slice(0, 12)} of ${event.asker}${event.again ? ', which somebody had before' : ''}`
    case 'ended':
      return `job ${event.key.slice(0, 12)}: ${event.end}`
    case 'fault':
      return `fault: ${event.what}`
  }
}
