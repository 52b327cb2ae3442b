import type { Bed } from './bed.ts'
import { commandOf } from './command.ts'
import type { Ended } from './execute.ts'
import { type Parts, partsOf, touchedBy } from './fix.ts'
import type { Fix, Project } from './projects.ts'
import { isCandidate, RULE, refusal, sorted } from './rule.ts'

/** Past this a red run counts as hanging. */
const PATIENCE = 60

type Trial = { readonly fix: Fix } | { readonly dropped: string }

/** Walks from the pinned commit by the rule; a pure function of the repository and of plain runs, never of a verdict. */
export async function choose(project: Project, bed: Bed, say: (line: string) => void): Promise<Project> {
  const walk = ['rev-list', '--no-merges', '--min-parents=1', `--max-count=${RULE.walked}`, project.commit]
  const commits = (await bed.git(...walk)).trim().split('\n')
  const fixes: Fix[] = []
  const dropped: Record<string, string[]> = {}
  let tried = 0
  for (const commit of commits) {
    if (fixes.length >= RULE.fixes || tried >= RULE.tried) break
    const sort = sorted(project, await touchedBy(bed, commit))
    if (!isCandidate(sort)) continue
    const early = refusal(sort)
    if (early === null) tried += 1
    const trial = early === null ? await tryFix(project, bed, commit) : { dropped: early }
    say(`${project.name} ${commit.slice(0, 10)}: ${'fix' in trial ? 'chosen' : trial.dropped}`)
    if ('fix' in trial) fixes.push(trial.fix)
    else dropped[trial.dropped] = [...(dropped[trial.dropped] ?? []), commit]
  }
  return { ...project, fixes, dropped }
}

/** Plain runs in the order in which they can drop a candidate; see README.md, "The rule". */
async function tryFix(project: Project, bed: Bed, commit: string): Promise<Trial> {
  const parts = await partsOf(bed, project, commit)
  const command = commandOf(project.command, parts.runnable)
  await bed.at(commit)
  // Once more where the first run was slow: it may have filled a cache of the compiler.
  const first = await bed.plain(command, PATIENCE)
  const green = first.code === 0 && first.seconds > RULE.seconds ? await bed.plain(command, PATIENCE) : first
  if (green.code === null) return { dropped: `takes more than ${RULE.seconds} s` }
  if (green.code !== 0) return { dropped: 'not green outside of the tool with the dependencies of the pinned commit' }
  if (green.seconds > RULE.seconds) return { dropped: `takes more than ${RULE.seconds} s` }
  await bed.commit(parts.base, parts.tested, 'tests alone')
  const red = await bed.plain(command, PATIENCE)
  if (red.code === null) return { dropped: 'hangs without the fix' }
  if (red.code === 0) return { dropped: 'its tests pass without it' }
  const own = await ownTests(project, bed, parts)
  return { fix: { commit, files: [...parts.runnable], seconds: green.seconds, ...own } }
}

/** What the base's own versions of these tests say, without and with the product part of the fix. */
async function ownTests(project: Project, bed: Bed, parts: Parts) {
  const old = await filesOfBase(bed, parts)
  if (old.length === 0) return { base: 'none', baseTestsWithProduct: 'none' } as const
  const command = commandOf(project.command, old)
  await bed.at(parts.base)
  const base = said(await bed.plain(command, PATIENCE))
  await bed.commit(parts.base, parts.product, 'product alone')
  return { base, baseTestsWithProduct: said(await bed.plain(command, PATIENCE)) }
}

export async function filesOfBase(bed: Bed, parts: Pick<Parts, 'base' | 'runnable'>): Promise<readonly string[]> {
  const there = await bed.git('ls-tree', '-r', '-z', '--name-only', parts.base, '--', ...parts.runnable)
  return there.split('\0').filter((path) => path !== '')
}

function said({ code }: Ended): 'green' | 'red' {
  return code === 0 ? 'green' : 'red'
}
