import type { BundleFileContent } from '../../core/bundle/index.ts'
import { attemptFolder, isStream } from '../../core/bundle-layout/index.ts'
import { outputExcerpt } from '../../core/context/index.ts'

/** In characters: how much of the output of a failing run is kept for the agent. */
const MOST = 1500

/** What the runs with the change printed, cut as for a proposer; it is redacted already. */
export function excerptOf(record: ReadonlyMap<string, BundleFileContent>): string {
  const texts = [...record].flatMap(([path, content]) =>
    path.startsWith(`${attemptFolder(1)}/`) && isStream(path) ? [textOf(content)] : [],
  )
  return outputExcerpt(texts.filter((text) => text.trim() !== '').join('\n'), MOST)
}

function textOf(content: BundleFileContent): string {
  return new TextDecoder().decode(content instanceof Uint8Array ? content : content.tail)
}
