import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

test('PP_TRACE=1 tells each git call and each run in a sandbox, and no secret', async (t) => {
  const repo = await tempRepo(t, { 'state.txt': 'bad\n' })
  await repo.write('state.txt', 'good\n')
  const secret = 'hush-hush-4711'
  const command = 'test "$(cat state.txt)" = good'
  const env = { PP_TRACE: '1', MY_API_TOKEN: secret }
  const { stderr, json } = await pp(repo, ['prove', '--json', '--runs', '1', command], { env })
  t.is(json.verdict, 'PROVED', stderr)
  t.regex(stderr, /^trace: git, \d+ ms, status 0: status /m)
  t.regex(stderr, /^trace: git, \d+ ms, .*: cat-file --batch/m)
  t.regex(stderr, /^trace: sandbox, \d+ ms, status 1: test /m)
  t.regex(stderr, /^trace: sandbox, \d+ ms, status 0: test /m)
  const refused = await pp(repo, ['prove', '--json', `${command} # ${secret}`], { env })
  t.is(refused.status, 2, refused.stderr)
  t.regex(refused.stderr, /^trace: git, /m)
  t.false(refused.stderr.includes(secret))
})

test('PP_TRACE with a path adds to that file, without user and password of a URL', async (t) => {
  const repo = await tempRepo(t, { 'state.txt': 'bad\n' })
  const file = join(repo.home, 'trace.txt')
  const fetched = await pp(repo, ['fetch', 'https://user:pass@127.0.0.1:9/'], { env: { PP_TRACE: file } })
  t.not(fetched.status, 0)
  t.notRegex(fetched.stderr, /^trace: /m)
  const trace = await readFile(file, 'utf8')
  t.regex(trace, /^trace: git, \d+ ms, .*https:\/\/127\.0\.0\.1:9\//m)
  t.notRegex(trace, /user|pass@/)
  t.is((await stat(file)).mode & 0o777, 0o600)
})

test('PP_TRACE with a path that cannot be written is wrong usage, and nothing runs', async (t) => {
  const repo = await tempRepo(t, { 'state.txt': 'bad\n' })
  const { status, json } = await pp(repo, ['log', '--json'], { env: { PP_TRACE: join(repo.dir, 'absent', 'trace') } })
  t.is(status, 2)
  t.regex(String(json.reason), /^the file that PP_TRACE names cannot be written: /)
})
