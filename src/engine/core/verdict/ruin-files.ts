import type { Edits } from '../../model/change.ts'
import { utf8Bytes } from '../bytes/index.ts'

/** No language can parse this, no data format can read it, and it is not empty. */
const POISON = utf8Bytes('\u0001 )]}>\'" git-pp poison: this file was replaced to see whether the command reads it\n')

/** Edits that make each of these files useless for every reader. */
export function ruinFiles(paths: readonly string[]): Edits {
  return new Map(paths.map((path) => [path, { bytes: POISON, mode: '100644' as const }]))
}
