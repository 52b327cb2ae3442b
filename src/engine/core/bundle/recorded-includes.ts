import * as z from 'zod'
import { safePath } from '../advice/index.ts'
import { FILES } from '../bundle-layout/index.ts'
import { parseJson } from '../bytes/index.ts'

const Environment = z.looseObject({ includes: z.array(z.looseObject({ path: z.string() })) })

/** Names of others need no quotes either: whoever reads the line may paste it into any program. */
const PLAIN = /^[\w.@+][\w./@+-]*$/
const MOST = 20

/** What a proof says stood beside its tree, as far as it may be proposed to somebody else: names of others, and none of a secret. */
export function recordedIncludes(files: ReadonlyMap<string, Uint8Array>): readonly string[] {
  const bytes = files.get(FILES.environment)
  const found = Environment.safeParse(bytes ? parseJson(new TextDecoder().decode(bytes)) : null)
  const paths = found.data?.includes.map(({ path }) => path) ?? []
  return paths.filter((path) => PLAIN.test(path) && safePath(path) !== null).slice(0, MOST)
}
