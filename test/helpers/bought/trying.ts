import { needing } from '../needs.ts'
import { pp } from '../pp.ts'
import { tempRepo } from '../repo.ts'
import type { Case } from './case.ts'
import { environmentOf, layCase, provingOf } from './lay.ts'

/** Declares a test that proves the change of a case, and compares verdict, status and the first words of the reason. */
export function trying(one: Case): void {
  needing(...(one.needs ?? []))(`${one.name}: ${one.verdict}`, async (t) => {
    const repo = await tempRepo(t, {})
    await layCase(repo.dir, one, repo.commit)
    const { status, json } = await pp(repo, [...provingOf(one), '--json'], { env: environmentOf(one) })
    t.is(json.verdict, one.verdict, json.reason)
    const isProved = one.verdict === 'PROVED'
    t.is(status, isProved ? 0 : 1)
    t.is(json['final'] === null, !isProved)
    if (isProved) t.true(String(json.reason).startsWith(one.first ?? 'red in '), json.reason)
  })
}
