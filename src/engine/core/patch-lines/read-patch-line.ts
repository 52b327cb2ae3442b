import * as z from 'zod'
import type { PatchToProve } from '../../model/patch-verdict.ts'

const word = z
  .string()
  .min(1)
  .max(4096)
  .refine((text) => !text.includes('\0'))

/**
 * `{"id", "base", "patch", "command"}`, also with the names that benchmarks of coding agents use: `instance_id`, `base_commit`,
 * `model_patch`. Other keys are ignored.
 */
const Line = z.object({
  id: z.union([z.string(), z.number()]).nullish(),
  instance_id: z.string().nullish(),
  base: word.nullish(),
  base_commit: word.nullish(),
  patch: z.string().nullish(),
  model_patch: z.string().nullish(),
  command: z.union([word, z.array(word).min(1)]).nullish(),
})

/** What a line asks for; a text says what is wrong with it. `id`: as far as it can be read. */
export function readPatchLine(
  text: string,
  line: number,
): PatchToProve | { readonly id: string | null; readonly wrong: string } {
  const value = parsed(text)
  if (value === undefined) return { id: null, wrong: 'this line is not JSON' }
  const read = Line.safeParse(value)
  if (!read.success) return { id: idOf(value), wrong: z.prettifyError(read.error).replace(/\s+/g, ' ') }
  const { id, instance_id, base, base_commit, patch, model_patch, command } = read.data
  const name = id ?? instance_id ?? null
  const diff = patch ?? model_patch ?? null
  if (diff === null) return { id: idOf(value), wrong: 'this line has neither "patch" nor "model_patch"' }
  return {
    ...{ id: name === null ? null : String(name), line, patch: diff },
    ...{ base: base ?? base_commit ?? null, command: command ?? null },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function idOf(value: unknown): string | null {
  const { id, instance_id } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const name = id ?? instance_id
  return typeof name === 'string' || typeof name === 'number' ? String(name) : null
}
