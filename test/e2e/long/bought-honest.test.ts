import test from 'ava'
import { RIGHT } from '../../helpers/bought/groups.ts'
import { HONEST } from '../../helpers/bought/honest.ts'
import { layCase, provingOf } from '../../helpers/bought/lay.ts'
import { trying } from '../../helpers/bought/trying.ts'
import { pp } from '../../helpers/pp.ts'
import { tempRepo } from '../../helpers/repo.ts'

for (const one of RIGHT) trying(one)

for (const one of HONEST.filter(({ verdict }) => verdict !== 'PROVED'))
  test(`${one.name}, where the policy allows judges to change: PROVED`, async (t) => {
    const repo = await tempRepo(t, {})
    await layCase(repo.dir, one, repo.commit)
    const { json } = await pp(repo, [...provingOf(one), '--json'], { env: { PP_TESTS_ALLOW_CHANGES: 'true' } })
    t.is(json.verdict, 'PROVED', json.reason)
    t.deepEqual(json['judgesChanged'], ['test_calc.py'])
  })

test('a fix is shown with every check: what is added fails, each test is compared by name', async (t) => {
  const [fix] = HONEST
  if (!fix) return t.fail()
  const repo = await tempRepo(t, {})
  await layCase(repo.dir, fix, repo.commit)
  const { json } = await pp(repo, [...provingOf(fix), '--json'])
  // Not every machine lets a sandbox bound memory.
  const shown = (json['notShown'] as string[]).filter((line) => !line.startsWith('limits that the sandbox '))
  t.deepEqual(shown, ['no separate command was run (verify.also is empty)'])
})
