import { parse } from 'yaml'
import * as z from 'zod'
import { PpError } from '../../model/error.ts'
import { ServedRepositories as Schema, type ServedRepositories } from '../../model/worker.ts'

/** Reads the list of repositories of a worker, in YAML or JSON. Throws USAGE with every problem of it. */
export function readRepositories(text: string, file: string): ServedRepositories {
  let value: unknown
  try {
    value = parse(text, { maxAliasCount: 0 })
  } catch (cause) {
    throw new PpError('USAGE', `${file} is not YAML: ${cause instanceof Error ? cause.message : ''}`, { cause })
  }
  const read = Schema.safeParse(value)
  if (read.success) return read.data
  throw new PpError('USAGE', `${file}: ${z.prettifyError(read.error).replace(/\s+/g, ' ')}`)
}
