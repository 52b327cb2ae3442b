import { mkdir } from 'node:fs/promises'
import test, { type ExecutionContext } from 'ava'
import { afterKill, tempOf } from '../helpers/aftermath.ts'
import { doom, type Moment } from '../helpers/moment.ts'
import { pp } from '../helpers/pp.ts'
import { proved, withOrigin } from '../helpers/remotes.ts'
import { tempRepo } from '../helpers/repo.ts'

/** The same with more moments, sandboxes and signals: evaluation/shown/kills.ts. */
const FILES = { 'state.txt': 'bad\n', 'other.txt': 'x\n', '.gitignore': 'deps/\n' }
const FIX = '```diff\n--- a/state.txt\n+++ b/state.txt\n@@ -1 +1 @@\n-bad\n+good\n```\n'
const COMMAND = 'grep -q good state.txt'
const STUB = ['--provider', 'stub']

interface Killed {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Kills a `run` over a dirty tree at a moment; the user's state, the repository and the next command must not suffer. */
async function killed(
  t: ExecutionContext,
  moment: Moment,
  { args = ['run', COMMAND, ...STUB], env = {} }: Killed = {},
) {
  const repo = await tempRepo(t, FILES)
  await mkdir(tempOf(repo))
  await repo.write('other.txt', 'dirty\n')
  const before = await repo.snapshotState()
  const all = { PP_STUB_REPLY: FIX, TMPDIR: tempOf(repo), ...env }
  const tool = await doom(t, repo, [...args, '--json'], { moment, signal: 'SIGKILL' }, all)
  const { status } = await tool.ended
  t.is(status, null, 'it ended before it was killed')
  t.not(await tool.reached, null)
  t.deepEqual(await afterKill(repo, before), [])
  return repo
}

test('kill -9 while a work tree is made', async (t) => {
  await killed(t, { at: 'git', nth: 12, when: 'before' })
})

test('kill -9 while an agent works ends the agent, and its copy goes', async (t) => {
  const agent = { PP_COMMAND: '(trap "" TERM HUP; sleep 311.25) & sleep 311.25' }
  await killed(
    t,
    { at: 'process', words: /^sleep 311\.25/, nth: 2 },
    { args: ['run', COMMAND, '--provider', 'command'], env: agent },
  )
})

test('kill -9 during the self-test', async (t) => {
  await killed(t, { at: 'process', words: /socket\.setTimeout/, nth: 1 })
})

test('kill -9 while the notes are written leaves no proof, and the next session proves', async (t) => {
  // From the end: the last four gits write the summary and the refs.
  const repo = await tempRepo(t, FILES)
  const whole = await doom(
    t,
    repo,
    ['run', COMMAND, ...STUB, '--no-minimize', '--runs', '1', '--json'],
    { moment: { at: 'git', nth: 100_000, when: 'after' }, signal: 'SIGKILL' },
    { PP_STUB_REPLY: FIX },
  )
  t.is((await whole.ended).json.verdict, 'PROVED')
  const nth = (await whole.gits()) - 1
  const args = ['run', COMMAND, ...STUB, '--no-minimize', '--runs', '1']
  const again = await killed(t, { at: 'git', nth, when: 'before' }, { args })
  t.regex((await again.git('for-each-ref', '--format=%(refname)', 'refs/pp')) || 'none', /^(?!.*\/final)/s)
  const { json } = await pp(again, [...args, '--json'], { env: { PP_STUB_REPLY: FIX } })
  t.is(json.verdict, 'PROVED', json.reason)
})

test('kill -9 while proofs are pushed leaves a sound remote, and the next push brings what is missing', async (t) => {
  const repo = await tempRepo(t, FILES)
  await mkdir(tempOf(repo))
  const env = { TMPDIR: tempOf(repo) }
  const trial = async (nth: number) => {
    const { commit } = await proved(repo, `good${nth}`)
    const moment: Moment = { at: 'git', nth, when: 'before' }
    const before = await repo.snapshotState()
    const tool = await doom(t, repo, ['push', 'origin', '--json'], { moment, signal: 'SIGKILL' }, env)
    await tool.ended
    return { tool, commit, before }
  }
  const origin = await withOrigin(repo)
  const gits = await (await trial(100_000)).tool.gits()
  for (const part of [0.3, 0.6, 0.8, 1]) {
    const { tool, commit, before } = await trial(Math.ceil(gits * part))
    t.not(await tool.reached, null, `${part} of ${gits}`)
    t.deepEqual(await afterKill(repo, before), [])
    t.regex(await repo.git('-C', origin, 'fsck', '--full'), /^$/)
    t.is((await pp(repo, ['push', 'origin', '--json'])).status, 0)
    const notes = await repo.git('-C', origin, 'notes', '--ref', 'pp/bundles', 'list')
    t.true(notes.includes(commit))
  }
})
