import * as z from 'zod'
import { safePath } from '../advice/index.ts'
import { FILES } from '../bundle-layout/index.ts'
import { parseJson } from '../bytes/index.ts'

const Environment = z.looseObject({ includes: z.array(z.looseObject({ path: z.string() })) })

/** Recorded names have to be plain enough to need no quotes, because the line may be pasted into any program. */
const PLAIN = /^[\w.@+][\w./@+-]*$/
const MOST = 20

/**
 * The recorded files and directories beside the tree that may be suggested to another user: plain names, and none that looks
 * like a secret.
 */
export function recordedIncludes(files: ReadonlyMap<string, Uint8Array>): readonly string[] {
  const bytes = files.get(FILES.environment)
  const found = Environment.safeParse(bytes ? parseJson(new TextDecoder().decode(bytes)) : null)
  const paths = found.data?.includes.map(({ path }) => path) ?? []
  return paths.filter((path) => PLAIN.test(path) && safePath(path) !== null).slice(0, MOST)
}
