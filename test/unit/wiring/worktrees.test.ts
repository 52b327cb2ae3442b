import test from 'ava'
import type { GitConfig } from '../../../src/engine/git/config.ts'
import type { Layering } from '../../../src/engine/ports/layering.ts'
import type { Sandbox } from '../../../src/engine/ports/sandbox.ts'
import { layerOptions, type WorktreeRequest } from '../../../src/engine/wiring/worktrees.ts'
import { fixedClock, sandboxOf, tests } from '../../support/sandbox.ts'

const layering: Layering = {
  facts: { renamesDirectories: false, readersSeeWrites: true },
  stack: () => Promise.reject(new Error('nothing is stacked here')),
}
const fake: Sandbox = { ...sandboxOf(tests, fixedClock()), layering: async () => layering }
const request: WorktreeRequest = {
  ...{
    sandbox: fake,
    keepWorktrees: false,
    unsandboxed: false,
    state: '/cache/repo',
    session: '/cache/repo/sessions/1',
  },
}

function asked(
  more: Partial<WorktreeRequest> = {},
  env: Readonly<Record<string, string>> = {},
  settings: Readonly<Record<string, string>> = {},
) {
  const config: GitConfig = new Map(
    Object.entries(settings).map(([key, value]) => [key, [{ value, scope: 'global' as const }]]),
  )
  return layerOptions({ env }, { config: async () => config }, { ...request, ...more })
}

test('sessions of a repository share checkouts where overlays work', async (t) => {
  t.deepEqual(await asked(), { layering, bases: '/cache/repo/bases' })
})

test('without a sandbox, with a proposer outside of it, and for a look at them, work trees are checkouts', async (t) => {
  const bare = await asked({ sandbox: { ...fake, kind: 'none' } })
  t.deepEqual(bare, { layering: null, reason: 'there is no sandbox' })
  t.deepEqual(await asked({ unsandboxed: true }), { layering: null, reason: 'a proposer runs outside of the sandbox' })
  t.deepEqual(await asked({ keepWorktrees: true }), { layering: null, reason: 'the work trees are kept' })
  const without = await asked({ sandbox: { ...fake, layering: async () => null } })
  t.deepEqual(without, { layering: null, reason: 'overlays do not work here' })
})

test('a job of a CI reads and leaves no shared checkout, unless the user says so', async (t) => {
  const own = { layering, bases: '/cache/repo/sessions/1/bases' }
  t.deepEqual(await asked({}, { CI: 'true' }), own)
  t.deepEqual(await asked({}, { CI: 'false' }), { layering, bases: '/cache/repo/bases' })
  t.deepEqual(await asked({}, { CI: '1' }, { 'pp.sharedcheckouts': 'true' }), { layering, bases: '/cache/repo/bases' })
  t.deepEqual(await asked({}, {}, { 'pp.sharedcheckouts': 'no' }), own)
})

test('a user chooses by git config or by a variable, which is stronger', async (t) => {
  const plain = { layering: null, reason: 'pp.worktrees is checkout' }
  t.deepEqual(await asked({}, {}, { 'pp.worktrees': 'checkout' }), plain)
  t.deepEqual(await asked({}, { PP_WORKTREES: 'checkout' }, { 'pp.worktrees': 'overlay' }), plain)
  await t.throwsAsync(asked({}, { PP_WORKTREES: 'fast' }), { message: /it can be auto, overlay, checkout/ })
  const none = { ...fake, layering: async () => null }
  await t.throwsAsync(asked({ sandbox: none }, { PP_WORKTREES: 'overlay' }), { message: /overlays do not work/ })
})
