import { definesName } from '../../core/context/index.ts'
import type { VisibleFiles } from './visible-files.ts'

/** What one look into every file of a product shows. */
export interface ProductScan {
  /** The files that define one of the names, in the order of the tree. */
  readonly defining: readonly string[]
  /** The smallest text files, the smallest first. */
  readonly smallest: readonly string[]
}

/** In bytes. A larger product is not read to its end, because that takes too long. */
const SCANNED = 64 * 1024 * 1024
/** So many files are asked for at once, so that git and this program need not wait for each other. */
const AT_ONCE = 16

/** Reads the files one after the other and keeps none of them. */
export async function scanProduct(
  files: Pick<VisibleFiles, 'bytes'>,
  paths: readonly string[],
  names: ReadonlySet<string>,
  most: number,
): Promise<ProductScan> {
  const defining: string[] = []
  let smallest: { readonly path: string; readonly size: number }[] = []
  let left = SCANNED
  for (let at = 0; at < paths.length && left > 0; at += AT_ONCE) {
    const some = paths.slice(at, at + AT_ONCE)
    const contents = await Promise.all(some.map((path) => files.bytes(path)))
    for (const [nth, path] of some.entries()) {
      const bytes = contents[nth] ?? null
      if (bytes === null || bytes.includes(0)) continue
      left -= bytes.length
      smallest.push({ path, size: bytes.length })
      // Names are ASCII, and so a text of one character for each byte shows them, too.
      if (names.size > 0 && definesName(new TextDecoder('latin1').decode(bytes), names)) defining.push(path)
    }
    smallest = smallest.sort((a, b) => a.size - b.size).slice(0, most)
  }
  return { defining, smallest: smallest.map(({ path }) => path) }
}
