import type { z } from 'zod'
import { PpError } from '../../model/error.ts'
import type { Bundle } from '../../model/proof.ts'
import { canonicalJson, parseJson, strictUtf8 } from '../bytes/index.ts'

/** A JSON file of a bundle, checked. Throws MALFORMED. */
export function readBundleJson<T>(bundle: Bundle, path: string, schema: z.ZodType<T>): T {
  const bytes = bundle.files.get(path)
  const text = bytes ? strictUtf8(bytes) : null
  const value = text === null ? null : parseJson(text)
  const parsed = schema.safeParse(value)
  if (parsed.success && canonicalJson(value) !== text?.replace(/\n$/, ''))
    throw new PpError(
      'MALFORMED',
      `${path} of this bundle is not canonical JSON, so two programs could read it differently`,
    )
  if (parsed.success) return parsed.data
  throw new PpError('MALFORMED', bytes ? `${path} of this bundle is not valid` : `this bundle has no ${path}`)
}
