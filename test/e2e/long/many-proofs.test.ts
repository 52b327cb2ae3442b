import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { BIN } from '../../helpers/pp.ts'
import { layHistory, type ProofHistory, proveNext } from '../../helpers/proof-history.ts'
import { tempRepo } from '../../helpers/repo.ts'

/** A repository of this many proofs and one that its remote lacks, and a way to count the git processes of a command. */
async function laid(t: ExecutionContext, count: number) {
  const { env, home } = await tempRepo(t, {}, { committed: false })
  const dir = join(home, 'many')
  const calls = join(home, 'calls')
  const shim = join(home, 'bin')
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8', env }).trim()
  for (const made of [dir, shim]) await mkdir(made)
  const counted = { ...env, PATH: `${shim}:${env['PATH']}` }
  const run = (using: Readonly<Record<string, string>>, args: readonly string[]) =>
    execFileSync(process.execPath, [BIN, ...args], { cwd: dir, env: using, encoding: 'utf8', stdio: 'pipe' })
  const history: ProofHistory = { dir, key: join(home, 'key'), env, pp: (...args) => run(env, args) }
  history.pp('keygen', history.key)
  layHistory(history, count)
  proveNext(history, count + 1)
  await writeFile(join(shim, 'git'), `#!/bin/sh\necho "$*" >>'${calls}'\nexec '${git}' "$@"\n`)
  await chmod(join(shim, 'git'), 0o755)
  const processes = async (...args: string[]) => {
    await writeFile(calls, '')
    const out = run(counted, args)
    return { out, count: (await readFile(calls, 'utf8')).split('\n').length - 1 }
  }
  const ids = execFileSync('git', ['log', '--format=%H', 'HEAD~1'], { cwd: dir, env, encoding: 'utf8' }).split('\n')
  const likeSession = ids.find((id) => /^[0-7]/.test(id))?.slice(0, 12) ?? ''
  return { history, processes, likeSession }
}

test('a repository of forty proofs is asked as often as one of six, whatever is asked', async (t) => {
  const [few, many] = [await laid(t, 6), await laid(t, 40)]
  for (const words of [
    ['log'],
    ['log', '-n', '3'],
    ['show', 'HEAD~2'],
    ['verify', 'HEAD~2', '--allow-unsigned'],
    ['push', '-n'],
  ]) {
    const [a, b] = [await few.processes(...words), await many.processes(...words)]
    t.is(b.count, a.count, words.join(' '))
  }
  // An abbreviated commit may look like the start of a session; it is not looked for in every proof.
  const [a, b] = [await few.processes('show', few.likeSession), await many.processes('show', many.likeSession)]
  t.is(b.count, a.count)
  const verify = ['verify', 'HEAD~5..HEAD', '--key', `${many.history.key}.pub`, '--json']
  t.is((JSON.parse(many.history.pp(...verify)) as { verdict: string }).verdict, 'PROVED')
  t.is(many.history.pp('log').trim().split('\n').length, 41)
  t.deepEqual(
    many.history.pp('log', '-n', '3').trim().split('\n'),
    many.history.pp('log').trim().split('\n').slice(0, 3),
  )
})
