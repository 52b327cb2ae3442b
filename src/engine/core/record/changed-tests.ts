import { Evidence } from '../../model/evidence.ts'
import type { Bundle, Repro } from '../../model/proof.ts'
import type { ChangedTest } from '../../model/proof-view.ts'
import { FOLDERS, runFile } from '../bundle-layout/index.ts'
import { parseJson } from '../bytes/index.ts'

/**
 * The tests that a change adds, compared with the run of its product under the base's own judges, and the tests in judge
 * files that it touches.
 */
export function changedTests({ files }: Pick<Bundle, 'files'>, { tests, judgesChanged }: Repro): ChangedTest[] {
  return tests.flatMap(({ target, report }) => {
    const old = underOldJudges(files, target)
    const before = old?.named && report.named ? new Set(old.tests.map(({ id }) => id)) : null
    return [...new Set(report.tests.map(({ id }) => id))].flatMap((id): ChangedTest[] => {
      if (before?.has(id) === false) return [{ id, is: 'added' }]
      return judgesChanged.some((path) => isIn(id, path)) ? [{ id, is: 'in a changed file' }] : []
    })
  })
}

function underOldJudges(files: Bundle['files'], target: string): Evidence['tests'] {
  const bytes = files.get(runFile(FOLDERS.baseJudges, target, 'evidence.json'))
  return bytes ? (Evidence.safeParse(parseJson(new TextDecoder().decode(bytes))).data?.tests ?? null) : null
}

/** Runners that name the file of a test put it at the start of the id. */
function isIn(id: string, path: string): boolean {
  return ['::', ' > ', ' › '].some((mark) => id.startsWith(`${path}${mark}`))
}
