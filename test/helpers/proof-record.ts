import { writeJson } from '../../src/engine/core/bundle/write-record.ts'
import { canonicalJson, sha256, utf8Bytes } from '../../src/engine/core/bytes/canonical.ts'
import { mergePolicy } from '../../src/engine/core/policy/merge-policy.ts'
import { parsePolicy } from '../../src/engine/core/policy/parse-policy.ts'
import { trialsLine, trialsOf } from '../../src/engine/core/trials/trials-status.ts'
import type { Bundle, Repro } from '../../src/engine/model/proof.ts'
import type { Bend } from './proof.ts'
import type { TestRepo } from './repo.ts'

export const SESSION = '01k0000000000000000000000a'
const COMMAND = 'sh test.sh'

/** What the record of a session is made from. */
export interface Facts {
  readonly base: string
  readonly baseTree: string
  readonly tree: string
  readonly proved: string | null
  readonly kind: 'run' | 'prove'
  readonly pairs: number
  /** A record of version 2, with all pairs after the first runs of the base and of the change. */
  readonly older: boolean
  /** Whether each run without the change failed; null: every one did, as a proof needs it. */
  readonly failed: readonly boolean[] | null
  /** Nothing failed without the change either. */
  readonly preserved: boolean
}

/** The evidence of every run. */
function runsOf({ baseTree, tree, pairs, failed, older, preserved }: Facts): Map<string, Uint8Array> {
  const record = new Map<string, Uint8Array>()
  const put = (folder: string, of: string, is: 'red' | 'green') =>
    writeJson(record, `${folder}/command/evidence.json`, evidence(of, is, preserved))
  const count = failed?.length ?? (older ? pairs + 1 : Math.max(1, pairs))
  for (let at = 0; at < count; at++) {
    const k = older ? at : at + 1
    put(
      at === 0 ? 'attempts/0_baseline' : `verification/${k}_red`,
      baseTree,
      preserved || failed?.[at] === false ? 'green' : 'red',
    )
    put(at === 0 ? 'attempts/1' : `verification/${k}_green`, tree, 'green')
  }
  if (failed === null && older) put('attempts/0_baseline/2', baseTree, 'red')
  if (failed === null && !older && pairs === 1) put('verification/2_red', baseTree, preserved ? 'green' : 'red')
  return record
}

/** The files of a bundle as an honest session writes them. */
export async function recordOf(repo: TestRepo, facts: Facts, bend: Bend): Promise<Map<string, Uint8Array>> {
  const record = runsOf(facts)
  record.set('attempts/1/command/stdout', utf8Bytes('what it printed\n'))
  writeJson(record, 'policy.json', policyOf(bend, await policyBlob(repo), facts.base))
  writeJson(record, 'environment.json', ENVIRONMENT)
  record.set(
    'final.patch',
    utf8Bytes(`${await repo.git('-c', 'core.quotePath=false', ...PATCH, facts.baseTree, facts.tree)}\n`),
  )
  writeJson(record, 'repro.json', { ...reproFor(facts), ...bend.repro })
  return record
}

const PATCH = [
  'diff-tree',
  '-r',
  '-p',
  '--full-index',
  '--binary',
  '--no-renames',
  '--src-prefix=a/',
  '--dst-prefix=b/',
]
const ENFORCES = {
  network: true,
  filesystem: true,
  home: true,
  processes: true,
  atCheckoutPath: true,
  judgesReadOnly: true,
  syscalls: true,
}
const ENVIRONMENT = {
  os: 'linux',
  network: 'deny',
  sandbox: { kind: 'bubblewrap', version: 'bubblewrap 0.8.0', enforces: ENFORCES },
}
const STARTED = '2024-01-02T03:04:05.000Z'

async function policyBlob(repo: TestRepo): Promise<string | null> {
  return repo.git('rev-parse', '--verify', '--quiet', 'HEAD:pp.yaml').catch(() => null)
}

/** The policy as a session merges it: of the base's pp.yaml where it has one. */
function policyOf({ files }: Bend, blob: string | null, commit: string): unknown {
  const text = files?.['pp.yaml']
  if (typeof text !== 'string') return mergePolicy([], { limits: 'written' })
  const parsed = parsePolicy(text, { file: 'pp.yaml', format: 'yaml' })
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
  const file = { path: 'pp.yaml', commit, blob }
  return mergePolicy([{ from: 'file', values: parsed.value, root: '', file, lines: parsed.lines }], {
    limits: 'written',
  })
}

function evidence(tree: string, is: 'red' | 'green', counted: boolean): unknown {
  const stream = { bytes: 0, sha256: sha256(''), truncated: false, redactions: 0 }
  return {
    target: 'command',
    on: is,
    tree,
    ended: { how: 'exited', code: is === 'red' ? 1 : 0 },
    reading: is === 'red' ? { is, reason: 'exited 1', failing: [] } : { is },
    startedAt: STARTED,
    durationMs: 5,
    stdout: stream,
    stderr: stream,
    tests: counted ? TESTS : null,
    judgesTouched: [],
  }
}

const TESTS = {
  runner: 'tape',
  named: true,
  counts: { passed: 1, failed: 0, skipped: 0, errors: 0 },
  tests: [{ id: 'adds', outcome: 'passed' }],
}

/** What a PRESERVED proof says otherwise. */
function preservedFor(facts: Facts): Partial<Repro> {
  if (!facts.preserved) return {}
  const { reds: before, greens } = countsOf(facts)
  const executed = { lines: 2, ran: 1, notRun: [{ path: 'add.sh', of: 'base' as const, lines: '1' }], notMeasured: [] }
  return { v: 4, verdict: 'PRESERVED', reason: 'green', counts: { reds: 0, greens, before }, reds: [], executed }
}

/** What a STABILIZED proof says otherwise than one that failed every time. */
function trialsFor(failed: Facts['failed']): Partial<Repro> {
  if (failed === null) return {}
  const [runs, reds] = [failed.length, failed.filter(Boolean).length]
  const trials = trialsOf({ runs, failed: reds }, { runs, failed: 0 })
  return { verdict: 'STABILIZED', reason: trialsLine(trials), counts: { reds, greens: runs }, trials }
}

/** How many reds and greens the record has. */
function countsOf({ pairs, older }: Facts): Repro['counts'] {
  if (older) return { reds: pairs + 2, greens: pairs + 1 }
  return { reds: pairs === 1 ? 2 : Math.max(1, pairs), greens: Math.max(1, pairs) }
}

function reproFor(facts: Facts): Repro {
  const { base, baseTree, tree, proved, kind, failed } = facts
  const command = { shell: COMMAND }
  const attempt = { n: 1, commit: null, verdict: 'PROVED', reason: 'green', proposer: 'stub' }
  return {
    v: facts.older ? 2 : 3,
    tool: { name: 'git-pp', version: '0.0.0' },
    session: SESSION,
    kind,
    verdict: 'PROVED',
    reason: 'red without the patch, green with it',
    targets: [{ name: 'command', command, cwd: '' }],
    base: { commit: base, tree: baseTree, snapshot: false },
    redTree: baseTree,
    finalTree: tree,
    proved,
    judges: 'base',
    judgesChanged: [],
    counts: countsOf(facts),
    reds: [{ target: 'command', failing: [], headline: '', ended: 'exited 1' }],
    flipped: [],
    tests: [],
    same: null,
    notShown: [],
    mend: null,
    attempts: [{ ...attempt, files: 1, insertions: 1, deletions: 1, refusals: [] }],
    runs: [],
    failures: [],
    suspects: [],
    sandbox: 'bubblewrap',
    network: 'deny',
    variables: [],
    warnings: [],
    expect: null,
    minimal: 'not asked',
    author: 'A U Thor <author@example.com>',
    startedAt: STARTED,
    finishedAt: STARTED,
    ...trialsFor(failed),
    ...preservedFor(facts),
  }
}

/** Its line in the index. */
export async function indexLine(
  repo: TestRepo,
  { baseTree, tree, failed, preserved }: Facts,
  bundle: Bundle,
): Promise<string> {
  const patch = `${await repo.git(...PATCH, baseTree, tree)}\n`
  const patchId = (await repo.gitWith(patch, 'patch-id', '--stable')).split(' ')[0] ?? null
  const trees = { baseTree, finalTree: tree }
  const proved = preserved ? { v: 4, verdict: 'PRESERVED' } : { v: 1, verdict: 'PROVED' }
  const said = failed === null ? proved : { v: 2, verdict: 'STABILIZED' }
  return canonicalJson({ ...said, session: SESSION, ...trees, patchId, manifest: bundle.digest })
}
