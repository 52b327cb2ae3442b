import type { Config } from '@oclif/core'
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {
  type Caller,
  interpretSchemas,
  PpError,
  printable,
  type TerminalReporter,
  type TerminalStyles,
  type Verbosity,
} from '../engine/index.ts'
import { asksForJson, type CommandGrammar, type ParsedCommandLine, parseCommandLine } from './command-line.ts'
import { envelope, helpEnvelope, type JsonAnswer } from './envelope.ts'
import { isTerminal, outputStream, writeNow } from './output.ts'
import { helpWidth } from './prepared.ts'
import { printCommandError, printStack, toCommandError } from './print-error.ts'
import { caller, type DrainSignals, drainSignals, interruptSignal, paintFor, startReporter } from './process.ts'

/** The answer of a command: the exit status, the object for `--json`, and the lines for people, each without a newline. */
export interface CommandAnswer {
  readonly status: number
  readonly json: JsonAnswer
  readonly lines: (paint: TerminalStyles) => readonly string[]
  /** The only line under --quiet, if it is not the first line. */
  readonly line?: (paint: TerminalStyles) => string
  /** The lines are foreign text that is wanted unchanged. */
  readonly exact?: true
}

/** The values that a command works with. */
export interface CommandInput {
  readonly typed: ParsedCommandLine
  readonly caller: Caller
  readonly reporter: TerminalReporter
  /** Only of a verb that drains: what is under way has to end now. */
  readonly stop: AbortSignal
}

/**
 * The words of a verb: how many there may be, what each means, and whether the last one is a COMMAND, for which `-- ARGV` may
 * be typed.
 */
export interface PositionalArguments {
  readonly most: number
  readonly command: boolean
  readonly about: Readonly<Record<string, string>>
}

/** The limit for commands that take any number of words. */
export const MANY = 1_000

export const loudness = {
  quiet: Flags.boolean({
    char: 'q',
    summary: 'print no progress; answer with one line',
    description: 'Only before COMMAND.',
  }),
  verbose: Flags.boolean({ char: 'v', summary: 'print every run and every step', description: 'Only before COMMAND.' }),
}

/** A command class that can be instantiated. */
export interface VerbClass
  extends Pick<typeof Verb, 'baseFlags' | 'flags' | 'words' | 'description' | 'usage' | 'examples'> {
  id: string
  new (argv: string[], config: Config): Verb
}

/** A command as the list of all commands shows it; its file is read when it is called. */
export interface Entry {
  readonly summary: string
  /** It works but is not shown: a name from an earlier tool. */
  readonly hidden?: true
  readonly load: () => Promise<{ readonly default: VerbClass }>
}

/** Runs the command with the words after its name. */
export async function runVerb(Class: VerbClass, id: string, argv: readonly string[], version: string): Promise<void> {
  interpretSchemas()
  Class.id = id
  await new Class([...argv], commandConfig(version)).run()
}

/**
 * What commands and their help use of oclif's configuration. To load a real one reads the disk, for plugins that git pp does not
 * have, and costs a third of the time of a short command.
 */
export function commandConfig(version: string): Config {
  const hooks = { successes: [], failures: [] }
  const used = { name: 'git-pp', bin: 'git pp', version, topicSeparator: ' ', runHook: async () => hooks }
  return used as Partial<Config> as Config
}

/** The one place that reads the words, prints, and sets the exit status. */
export abstract class Verb extends Command {
  static override baseFlags = {
    help: Flags.boolean({ char: 'h', description: 'show this help' }),
    json: Flags.boolean({
      summary: 'print one JSON object, also for errors',
      description:
        'It stands on stdout, on one line: schemaVersion, verdict, reason, then the keys of the verb; of an error code and mend.',
    }),
  }
  static words: PositionalArguments = { most: 0, command: false, about: {} }

  /** True: the first interruption lets it finish what is under way. */
  static drains = false

  /** Uses only `call`; throws faults and returns outcomes. */
  protected abstract answer(call: CommandInput): Promise<CommandAnswer>

  /** The exit status for a status of the table; `answered`: it is from an answer, not from a fault. */
  protected status(status: number, _answered: boolean): number {
    return status
  }

  async run(): Promise<void> {
    const asJson = asksForJson(this.argv)
    const atOnce = (fault: PpError) => printCommandError(fault, asJson, this.status(fault.status, false))
    const { drain, stop } = (this.ctor as typeof Verb).drains
      ? drainSignals(atOnce)
      : sameSignal(interruptSignal(atOnce))
    const fail = (error: unknown) => {
      const fault = toCommandError(stop.aborted ? stop.reason : error)
      printCommandError(fault, asJson, this.status(fault.status, false))
      printStack(error)
    }
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      process.on(event, (error) => {
        fail(error)
        process.exit()
      })
    }
    const loud = loudnessOf(this.argv)
    const reporter = startReporter(loud)
    try {
      const typed = parseCommandLine(this.argv, grammarOf(this.ctor as typeof Verb))
      if (!typed.ok) throw misuse(typed)
      if (typed.options.includes('--help')) return await this.help(asJson)
      const call = { typed, caller: caller(this.config.version, drain), reporter, stop }
      const answer = await this.answer(call)
      reporter.end()
      this.print(answer, asJson, loud)
    } catch (error) {
      reporter.end()
      fail(error)
    }
  }

  private print(answer: CommandAnswer, asJson: boolean, loud: Verbosity): void {
    const onTerminal = isTerminal(1)
    const paint = paintFor(onTerminal)
    // A pipe gets every byte unchanged; a terminal would interpret some of them.
    const asIs = answer.exact === true && !onTerminal
    const lines = asJson ? [envelope(answer.json)] : told(answer, paint, loud)
    const shown = asJson || asIs ? lines : lines.map(printable(paint))
    if (shown.length > 0) writeNow(1, `${shown.join('\n')}\n`)
    process.exitCode = this.status(answer.status, true)
  }

  private async help(asJson: boolean): Promise<void> {
    const { renderHelp } = await import('./help.ts')
    const text = renderHelp(this.ctor as typeof Verb, this.config, helpWidth(outputStream(1).columns))
    writeNow(1, `${asJson ? helpEnvelope(this.ctor.id, text) : text}\n`)
  }
}

function sameSignal(signal: AbortSignal): DrainSignals {
  return { drain: signal, stop: signal }
}

/** What a verb accepts, derived from its class. */
export function grammarOf(Class: Pick<VerbClass, 'id' | 'baseFlags' | 'flags' | 'words'>): CommandGrammar {
  const options = Object.entries(allFlags(Class)).flatMap(([long, flag]) => {
    const takesValue = flag.type === 'option'
    const values = flag.type === 'option' ? flag.options : undefined
    const aliases = (flag.aliases ?? []).map((alias) => ({ long: alias, takesValue, values }))
    return [{ long, short: flag.char, takesValue, values }, ...aliases]
  })
  return { verb: Class.id, options, words: Class.words.most, command: Class.words.command }
}

function allFlags({ baseFlags, flags }: Pick<typeof Command, 'baseFlags' | 'flags'>) {
  return { ...baseFlags, ...flags }
}

function told({ lines, line }: CommandAnswer, paint: TerminalStyles, loud: Verbosity): readonly string[] {
  if (loud !== 'quiet') return lines(paint)
  return line === undefined ? lines(paint).slice(0, 1) : [line(paint)]
}

function misuse(wrong: { readonly message: string; readonly mend?: string }): PpError {
  return new PpError('USAGE', wrong.message, wrong.mend === undefined ? {} : { mend: wrong.mend })
}

/** The verbosity. It is read before anything else, so that errors in the words are printed with the right verbosity, too. */
function loudnessOf(argv: readonly string[]): Verbosity {
  const own = argv.slice(0, argv.indexOf('--') === -1 ? argv.length : argv.indexOf('--'))
  if (own.includes('-q') || own.includes('--quiet')) return 'quiet'
  return own.includes('-v') || own.includes('--verbose') ? 'verbose' : 'normal'
}
