import * as z from 'zod'
import { parseJson } from './bundle.ts'
import { secretPath } from './redact/secret-path.ts'

const Environment = z.looseObject({ includes: z.array(z.looseObject({ path: z.string() })) })

/** Words that no shell and no option parser reads as anything but a path below the checkout. */
const PLAIN = /^(?!-)(?!.*(?:^|\/)\.\.?(?:\/|$))[\w.@+][\w./@+-]{0,200}$/
const MOST = 20

/** What a proof says stood beside its tree, as far as it may be proposed to somebody else: names of others, and none of a secret. */
export function recordedIncludes(files: ReadonlyMap<string, Uint8Array>): readonly string[] {
  const bytes = files.get('environment.json')
  const found = Environment.safeParse(bytes ? parseJson(new TextDecoder().decode(bytes)) : null)
  const paths = found.data?.includes.map(({ path }) => path) ?? []
  return paths.filter((path) => PLAIN.test(path) && !secretPath(path)).slice(0, MOST)
}
