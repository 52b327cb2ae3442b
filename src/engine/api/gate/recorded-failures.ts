import type { BundleFileContent } from '../../core/bundle/index.ts'
import { attemptFolder, FOLDERS, isStream, runFile } from '../../core/bundle-layout/index.ts'
import { outputExcerpt } from '../../core/context/index.ts'
import { failedOtherwise } from '../../core/failure/index.ts'
import type { Target } from '../../model/command.ts'
import { Evidence } from '../../model/evidence.ts'

/** The record of a session: bundle path → content. */
type SessionRecord = ReadonlyMap<string, BundleFileContent>

/** In characters: how much of the output of a failing run is kept for the agent. */
const MOST = 1500

/** What the runs with the change printed, cut as for a proposer; it is redacted already. */
export function excerptOf(record: SessionRecord): string {
  const texts = [...record].flatMap(([path, content]) =>
    path.startsWith(`${attemptFolder(1)}/`) && isStream(path) ? [textOf(content)] : [],
  )
  return outputExcerpt(texts.filter((text) => text.trim() !== '').join('\n'), MOST)
}

/** The tests that fail with the change as they did not fail without it. */
export function changedFailures(record: SessionRecord, targets: readonly Target[]): readonly string[] {
  return targets.flatMap(({ name }) => {
    const before = [FOLDERS.baseJudgesRed, FOLDERS.baseline].flatMap((folder) => recorded(record, folder, name) ?? [])
    const now = recorded(record, attemptFolder(1), name)
    return now && before[0] ? failedOtherwise(before[0].tests, now.tests) : []
  })
}

function recorded(record: SessionRecord, folder: string, target: string): Evidence | null {
  const content = record.get(runFile(folder, target, 'evidence.json'))
  return content === undefined ? null : Evidence.parse(JSON.parse(textOf(content)))
}

function textOf(content: BundleFileContent): string {
  return new TextDecoder().decode(content instanceof Uint8Array ? content : content.tail)
}
