import test from 'ava'
import { CALC, PYTEST, RIGHT, WRONG } from '../helpers/calc.ts'
import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

/** What README.md says hides them, word for word. */
const HIDDEN = ["--exclude='refs/pp*'", "--exclude='refs/notes*'", '--all'] as const
const plain = HIDDEN.map((word) => word.replaceAll("'", ''))

test('git log --all tells commits of git pp by their subjects, and the documented options hide them', async (t) => {
  const repo = await tempRepo(t, CALC)
  const stub = async (reply: string) => {
    const env = { PP_STUB_REPLY: reply }
    return (await pp(repo, ['run', PYTEST, '--provider', 'stub', '--runs', '1', '--json'], { env })).json
  }
  await repo.write('notes.txt', 'uncommitted\n')
  t.is((await stub(RIGHT)).verdict, 'PROVED')
  await repo.git('clean', '-fdq')
  t.is((await stub(WRONG)).verdict, 'NOT_FIXED')

  const shown = (...words: readonly string[]) => repo.git('log', '--format=%s', ...words)
  const mine = await shown('main')
  t.is(await shown(...plain), mine)
  const ours = (await shown('--all')).split('\n').filter((line) => !mine.split('\n').includes(line))
  const kinds = [
    /^git pp: attempt 1 of session [0-9a-z]{26}, proposed by stub$/,
    /^git pp: uncommitted work, as a session started from it$/,
    /^git pp: record of a session, NOT_FIXED: /,
    /^git pp: proofs of commits, kept as notes$/,
  ]
  for (const kind of kinds)
    t.true(
      ours.some((line) => kind.test(line)),
      `${kind} in ${ours.join('\n')}`,
    )
  const unexplained = ours.filter((line) => !line.startsWith('git pp: '))
  t.deepEqual(unexplained, ['Make test_calc.py::test_add pass'], 'the proved commit, which is meant for a branch')
})

test('the documented setting keeps names of git pp out of decorations', async (t) => {
  const repo = await tempRepo(t, CALC)
  const env = { PP_STUB_REPLY: RIGHT }
  const { json } = await pp(repo, ['run', PYTEST, '--provider', 'stub', '--runs', '1', '--json'], { env })
  await repo.git('merge', '-q', String(json['final']))
  const decorated = () => repo.git('-c', 'log.initialDecorationSet=all', 'log', '-1', '--format=%D', '--decorate')
  t.regex(await decorated(), /refs\/pp\//)
  await repo.git('config', '--add', 'log.excludeDecoration', 'refs/pp*')
  t.is(await decorated(), 'HEAD -> main')
})
