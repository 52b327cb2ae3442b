import { proposeEdits } from '../../core/reply/index.ts'
import type { VisibleFiles } from './visible-files.ts'

/**
 * What a reply does to the files. It is read again whenever it turns out to be about a file that was not loaded yet; those
 * that it names by their whole paths are loaded at once, so that this is rare.
 */
export async function readReply(reply: string, files: VisibleFiles): Promise<ReturnType<typeof proposeEdits>> {
  const loaded = new Map<string, Uint8Array | null>()
  let wanted = new Set(namedIn(reply).filter(files.has))
  for (;;) {
    for (const path of wanted) loaded.set(path, await files.bytes(path))
    const missing = new Set<string>()
    const text = (path: string) => {
      if (files.has(path) && !loaded.has(path)) missing.add(path)
      return loaded.get(path) ?? null
    }
    const read = proposeEdits(reply, { list: () => files.paths, text })
    if (missing.size === 0) return read
    wanted = missing
  }
}

/** The words of a reply that may be paths, without the prefixes of a patch. */
function namedIn(reply: string): readonly string[] {
  const words = new Set(reply.split(/[\s"'`*:,<>()|]+/))
  return [...words].flatMap((word) => [word, word.replace(/^(?:[abciow]|\.)\//, '')])
}
