import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { CALC } from '../helpers/calc.ts'
import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

test('init --proposer lets run ask an agent, says what it runs, and takes it out again', async (t) => {
  const repo = await tempRepo(t, CALC)
  const bin = join(repo.home, 'bin')
  await mkdir(bin)
  await writeFile(join(bin, 'codex'), "#!/bin/sh\ncat >/dev/null\nsed -i 's/a - b/a + b/' calc.py\necho Mended.\n")
  await chmod(join(bin, 'codex'), 0o755)
  const env = { PATH: `${bin}:${repo.env['PATH']}` }
  const shown = await pp(repo, ['init', '--proposer', 'codex', '-n'], { env })
  t.regex(
    shown.stdout,
    /^would set pp\.command to codex in the git config of this repository\nruns: +codex exec --sandbox/,
  )
  t.regex(shown.stdout, new RegExp(`the program codex is ${bin}/codex`))
  t.is((await repo.git('config', '--get-regexp', '^pp\\.').catch(() => '')).trim(), '')
  const made = await pp(repo, ['init', '--proposer', 'codex', '--json'], { env })
  t.like(made.json, { verdict: 'OK', key: 'pp.command', was: null, value: 'codex', scope: 'local', written: true })
  const ran = await pp(repo, ['run', 'pytest -q', '--provider', 'command', '--json'], { env })
  t.is(ran.json.verdict, 'PROVED', ran.stdout)
  const other = await pp(repo, ['init', '--proposer', 'claude', '--json'], { env: { PATH: `/usr/bin:/bin` } })
  t.like(other.json, { was: 'codex', value: 'claude', mend: 'install claude and log in to it' })
  t.is((await pp(repo, ['init', '--proposer', 'codex', '--remove'], { env })).status, 2)
  const removed = await pp(repo, ['init', '--proposer', 'claude', '--remove', '--json'], { env })
  t.like(removed.json, { was: 'claude', value: null, written: true })
  t.like((await pp(repo, ['init', '--proposer', 'nobody', '--json'], { env })).json, { verdict: 'USAGE' })
  t.is((await pp(repo, ['init', '--proposer', 'codex', '--yes'], { env })).status, 2)
})
