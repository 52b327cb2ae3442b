import * as z from 'zod'
import { asksForJson } from '../../src/commands/command-line.ts'
import { ANSWERS, Failure } from '../../src/engine/model/answers.ts'
import type { Ran } from './pp.ts'

/**
 * stdout as JSON, `{}` where it is none. What was asked for with `--json` is held against the schema of its verb, so that no test
 * reads a key that the schema does not know.
 */
export function answerOf(args: readonly string[], stdout: string): Ran['json'] {
  const json = parsed(stdout)
  if (json === null) return {}
  if (asksForJson(args)) hold(args, json)
  return json
}

/** Throws where an answer is none of those that its verb, help or an error may give. */
function hold(args: readonly string[], json: Ran['json']): void {
  const wanted =
    'code' in json && !('checks' in json) ? Failure : 'help' in json ? ANSWERS.help : schemaOf(verbOf(args))
  const { success, error } = wanted.safeParse(json)
  if (!success)
    throw new Error(`git pp ${args.join(' ')} answers against docs/json.schema.json:\n${z.prettifyError(error)}`)
}

function schemaOf(verb: string): z.ZodType {
  const name = verb === 'verify-attestation' ? 'verify' : verb
  return Object.entries(ANSWERS).find(([known]) => known === name)?.[1] ?? Failure
}

/** The first word that is no option of git pp itself and no directory of `-C`. */
function verbOf(args: readonly string[]): string {
  if (args.includes('--version')) return 'version'
  return args.find((word, at) => !word.startsWith('-') && args[at - 1] !== '-C') ?? ''
}

function parsed(text: string): Ran['json'] | null {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? (json as Ran['json']) : null
  } catch {
    return null
  }
}
