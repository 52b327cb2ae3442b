import test from 'ava'
import { applyFlow } from '../../../../src/engine/flows/exchange/apply.ts'
import { proveFlow } from '../../../../src/engine/flows/prove/prove.ts'
import { findProof } from '../../../../src/engine/flows/store/find-proof.ts'
import { PpError } from '../../../../src/engine/model/error.ts'
import type { CheckoutObstacle, UserCommitSettings } from '../../../../src/engine/ports/user-checkout.ts'
import { CALC, RIGHT, sessionOf } from '../../../support/fakes.ts'
import type { Files } from '../../../support/repository.ts'

interface Here {
  /** What stands in the work tree; default: what HEAD has. */
  readonly files?: Files
  readonly obstacles?: readonly CheckoutObstacle[]
  readonly rules?: UserCommitSettings
  readonly change?: Files
}

/** A proof of a change, applied to a work tree; `wrote`: what became of the files. */
async function applied({ files = CALC, obstacles = [], rules, change = RIGHT }: Here, commit = false) {
  const { session, existing, repository } = await sessionOf({ base: CALC, change })
  await proveFlow(session, existing)
  const found = await findProof(repository, session.id)
  const wrote: Files[] = []
  const head = session.base.commit
  const tools = {
    ...{ proofStore: repository, objects: repository.objects, patches: repository.patches, now: () => new Date(0) },
    vouch: async () => {},
    snapshots: {
      take: async () => {
        const tree = repository.tree(files)
        return { commit: head, tree, dirty: tree !== session.base.tree, leftOut: [] }
      },
    },
    userCheckout: {
      obstacles: async () => obstacles,
      write: async (_: string, to: string) => {
        wrote.push(repository.files(to))
      },
      rules: async () => rules ?? { signs: false, hooks: [] },
      advance: async (_: string, to: string) => {
        repository.names.set('HEAD', to)
      },
    },
  }
  return { answer: await applyFlow(tools, found, commit), wrote, repository, found, tools }
}

test('the proved change is written to files and index', async (t) => {
  const { answer, wrote } = await applied({})
  t.like(answer, { applied: true, files: ['calc.js'], commit: null, reason: '1 file changed in files and index' })
  t.deepEqual(wrote, [{ ...CALC, ...RIGHT }])
})

test('other uncommitted work stays', async (t) => {
  const { answer, wrote } = await applied({ files: { ...CALC, 'notes.txt': 'mine\n' } })
  t.true(answer.applied)
  t.is(wrote[0]?.['notes.txt'], 'mine\n')
})

test('uncommitted work in a file of the change is in the way, and nothing is written', async (t) => {
  const { answer, wrote } = await applied({ files: { ...CALC, 'calc.js': 'mine\n' } })
  t.like(answer, { applied: false, inTheWay: [{ path: 'calc.js', why: 'it has uncommitted work' }] })
  t.deepEqual(wrote, [])
})

test('what git would have to overwrite is in the way', async (t) => {
  const { answer } = await applied({ obstacles: [{ path: 'calc.js', why: 'a link' }] })
  t.is(answer.reason, 'nothing was changed because of calc.js (a link)')
})

test('a change that is there already is not applied again', async (t) => {
  const { answer, wrote } = await applied({ files: { ...CALC, ...RIGHT } })
  t.like(answer, { applied: true, files: [], reason: 'the change is already applied' })
  t.deepEqual(wrote, [])
})

test('on HEAD the proved commit itself is taken, and what a commit of the user would have had is told', async (t) => {
  const { answer, repository, found } = await applied({ rules: { signs: true, hooks: ['pre-commit'] } }, true)
  t.is(answer.commit, found.commit)
  t.is(repository.names.get('HEAD'), found.commit ?? '')
  t.regex(answer.warnings.join(), /not signed.*pre-commit did not run/)
})

test('where no change was proved there is none to apply, and whoever does not trust a proof says so first', async (t) => {
  const refuted = applied({ change: { 'calc.js': 'wrong and odd\n' } })
  await t.throwsAsync(() => refuted, { code: 'NO_PROOF', message: /ended with NOT_FIXED/ })
  const { tools, found, wrote } = await applied({})
  const vouch = () => Promise.reject(new PpError('NOT_ALLOWED', 'a stranger made it'))
  await t.throwsAsync(() => applyFlow({ ...tools, vouch }, found, false), { message: 'a stranger made it' })
  t.is(wrote.length, 1)
})
