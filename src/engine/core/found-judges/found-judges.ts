import { spellCommand, type Target } from '../../model/command.ts'
import { type FoundJudge, FoundJudges, MOST_FOUND } from '../../model/found-judge.ts'
import type { Bundle } from '../../model/proof.ts'
import { readBundleJson } from '../bundle/index.ts'
import { FILES } from '../bundle-layout/index.ts'
import type { ClassifyByName, JudgeClassifier } from '../judges/index.ts'

import { ledTo } from './led.ts'
import { type CommandNamedFile, namedByCommand } from './named-by-command.ts'
import type { Texts } from './what-call-runs.ts'

/**
 * Judges that are not known by their names, by path: those that the command's words make judges, and those that runs of the
 * base show.
 */
export type JudgesByPath = Map<string, FoundJudge>

/**
 * What can make files judges besides their names: commands, the files that these lead to, and the texts of these files in the
 * base.
 */
export interface Lead {
  readonly targets: readonly Target[]
  /** All files of the base. */
  readonly paths: readonly string[]
  readonly texts: Texts
  readonly byName: ClassifyByName
}

/** The files that a command's own words name, and those that these lead to. */
export function namedBy({ targets, paths, texts, byName }: Lead): CommandNamedFile[] {
  const own = namedByCommand(targets, paths)
  const known = new Set(own.map(({ path }) => path))
  return [...own, ...ledTo(targets, paths, texts, byName).filter(({ path }) => !known.has(path))]
}

export function foundIn(named: readonly CommandNamedFile[], byName: JudgeClassifier): JudgesByPath {
  const beside = named.filter(({ path }) => byName(path) === null)
  return new Map(beside.map(({ path, why }) => [path, { path, judge: 'test', why }]))
}

/** A name decides first, then what was found. A file that the base does not have is a judge if the command would name it. */
export function judgeClassifierWith(lead: Lead, found: ReadonlyMap<string, FoundJudge>): JudgeClassifier {
  const { targets, paths, byName, texts } = lead
  const said = [...targets.map(({ command }) => spellCommand(command)), ...texts.all()].join('\n')
  const mayName = (path: string) => /[*?[{$`]/.test(said) || said.includes(stemOf(path))
  const added = new Map<string, boolean>()
  const isNamed = (path: string) => {
    const known = added.get(path)
    if (known !== undefined) return known
    const now = namedBy({ ...lead, paths: [...paths, path] }).some((named) => named.path === path)
    added.set(path, now)
    return now
  }
  return (path, context = {}) => {
    const name = byName(path, context)
    if (name !== null) return name
    if (found.get(path)?.judge === 'test') return 'test'
    if (!context.added || !mayName(path)) return null
    return isNamed(path) ? 'test' : null
  }
}

/** 'a/check.test.py' → 'check': every word that names a file contains this. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.slice(0, name.indexOf('.', 1) === -1 ? undefined : name.indexOf('.', 1))
}

/** The judges that a record lists. Throws MALFORMED. */
export function claimedJudges(bundle: Bundle): readonly FoundJudge[] {
  return bundle.files.has(FILES.judges) ? readBundleJson(bundle, FILES.judges, FoundJudges) : []
}

/** Adds what `judges.json` says to what the command's words say: further judges, and which of the named files is the program. */
export function withClaimedJudges(found: JudgesByPath, claims: readonly FoundJudge[]): JudgesByPath {
  const both = new Map(found)
  for (const claim of claims)
    if (claim.judge === 'test' || (claim.judge === 'program' && found.has(claim.path))) both.set(claim.path, claim)
  return both
}

/**
 * The judges to record, and the classes of files that the change touches. What the change touches comes first, and product
 * before all else, because a verifier asks whether there is any.
 */
export function recordedJudges(
  found: ReadonlyMap<string, FoundJudge>,
  classes: readonly FoundJudge[],
  touched: readonly string[],
): FoundJudge[] {
  const first = new Set(touched)
  const all = [...found.values(), ...classes.filter(({ path }) => !found.has(path))]
  const rank = ({ path, judge }: FoundJudge) =>
    !first.has(path) ? 2 : judge === 'product' || judge === 'program' ? 0 : 1
  const ordered = [0, 1, 2].flatMap((nth) => all.filter((one) => rank(one) === nth))
  return ordered.slice(0, MOST_FOUND).sort((a, b) => (a.path < b.path ? -1 : 1))
}
