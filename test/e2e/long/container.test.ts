import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import test, { type ExecutionContext } from 'ava'
import { CALC, PYTEST, RIGHT } from '../../helpers/calc.ts'
import { docker, podman, type Runtime } from '../../helpers/containers.ts'
import { launch, running } from '../../helpers/launch.ts'
import { nothingLeft, processesOf, sessionDirs } from '../../helpers/left.ts'
import { pp as plain } from '../../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'

const found = { podman: await podman('whole'), docker: await docker() }
test.after.always(async () => {
  for (const one of Object.values(found)) if (typeof one !== 'string') await one.dispose()
})

/** Without a runner that counts: a session of few containers. */
const ADDS = 'python3 -c "import calc; assert calc.add(2, 3) == 5"'

interface Place {
  readonly repo: TestRepo
  readonly runtime: Runtime
  readonly env: Readonly<Record<string, string>>
  readonly pp: (...args: string[]) => ReturnType<typeof plain>
}

const policyOf = (runtime: Runtime, more = '') =>
  `policy: {sandbox: {backend: container, container_runtime: ${runtime.wish.runtime}, container_image: "${runtime.wish.image}"${more}}}\n`

/** One test for each runtime that works here, in a repository whose policy names it; where one does not, it is skipped. */
function each(title: string, body: (t: ExecutionContext, place: Place) => Promise<void>): void {
  for (const [name, runtime] of Object.entries(found)) {
    if (typeof runtime === 'string') test.skip(`${name}: ${title} (skipped: ${runtime})`, () => {})
    else
      test.serial(`${name}: ${title}`, async (t) => {
        const repo = await tempRepo(t, { ...CALC, 'pp.yaml': policyOf(runtime) })
        const { HOME: _, ...env } = runtime.wish.env
        const pp = (...args: string[]) => plain(repo, [...args, '--json'], { env })
        await body(t, { repo, runtime, env, pp })
        t.is(await ours(repo, runtime), '')
        await nothingLeft(repo)
      })
  }
}

/** Containers of sessions of this repository that left a directory, or of none at all. */
async function ours(repo: TestRepo, runtime: Runtime): Promise<string> {
  const names = await runtime.ask('ps', '--all', '--format', '{{.Names}}')
  const sessions = [...new Set([...sessionDirs(repo).map((dir) => path.basename(dir)), ...seen])]
  return names
    .split('\n')
    .filter((name) => sessions.some((session) => name.startsWith(`pp-${session}-`)))
    .join(' ')
}
const seen: string[] = []

each('a run in containers is PROVED, says in which image, and replays', async (t, { repo, pp, runtime }) => {
  const before = await repo.snapshotState()
  const stub = { PP_STUB_REPLY: RIGHT }
  const { HOME: _, ...env } = runtime.wish.env
  const run = await plain(repo, ['run', ADDS, '--provider', 'stub', '--runs', '1', '--json'], {
    env: { ...env, ...stub },
  })
  t.is(run.json.verdict, 'PROVED', run.json.reason ?? run.stderr)
  const session = String(run.json['session'])
  const exported = String((await pp('export', session, path.join(repo.home, 'bundle'))).json['dir'])
  const { sandbox } = JSON.parse(await readFile(`${exported}/environment.json`, 'utf8'))
  t.like(sandbox, { kind: 'container', selfTest: { loopback: 'blocked', unixSocket: 'blocked' } })
  t.regex(sandbox.version, new RegExp(`^${runtime.wish.runtime} \\d.*\\(runc\\)$`))
  t.like(sandbox.image, { name: runtime.wish.image })
  t.regex(sandbox.image.id, /^sha256:[0-9a-f]{64}$/)
  t.like(sandbox.enforces, {
    network: true,
    judgesReadOnly: true,
    atCheckoutPath: true,
    memory: true,
    processCount: true,
  })
  t.is((await pp('replay', session)).json.verdict, 'REPRODUCED')
  t.deepEqual(await repo.snapshotState(), before)
})

each('a change that exists is PROVED in containers, at a place that the policy names', async (t, place) => {
  const { repo, pp, runtime } = place
  await repo.commit('policy', { 'pp.yaml': policyOf(runtime, ', container_workdir: /workspace') })
  await repo.write('calc.py', String(CALC['calc.py']).replace('a - b', 'a + b'))
  const { json, stderr } = await pp('prove', PYTEST, '--runs', '1')
  t.is(json.verdict, 'PROVED', json.reason ?? stderr)
})

each('a limit that is passed ends the container', async (t, { pp, repo }) => {
  await repo.commit('limit', {
    'pp.yaml': `${await repo.git('show', 'HEAD:pp.yaml')}`.replace(
      'policy: {',
      'policy: {limits: {per_command_timeout_sec: 1}, ',
    ),
  })
  const { status, json } = await pp('run', 'sleep 77.5')
  seen.push(String(json['session']))
  t.deepEqual([status, json.verdict], [6, 'NOT_RUN'], json.reason)
  t.deepEqual(processesOf('sleep 77.5'), [])
})

each('a missing image is status 6, and says what brings it', async (t, { repo, pp, runtime }) => {
  await repo.commit('policy', { 'pp.yaml': policyOf(runtime).replace(runtime.wish.image, 'localhost/absent:2') })
  const { status, json } = await pp('run', PYTEST)
  t.is(status, 6)
  t.regex(json.reason ?? '', new RegExp(`${runtime.wish.runtime} pull localhost/absent:2`))
})

each('after kill -9 the command ends, and the next session removes its container', async (t, place) => {
  const { repo, runtime, env } = place
  const seconds = `${3000 + process.pid}.5`
  const killed = launch(t, repo, ['run', `sleep ${seconds}`], env)
  await running(seconds)
  process.kill(killed.pid, 'SIGKILL')
  await killed.ended
  for (let n = 0; n < 100 && processesOf(`sleep ${seconds}`).length > 0; n++) await sleep(50)
  t.deepEqual(processesOf(`sleep ${seconds}`), [])
  seen.push(...sessionDirs(repo).map((dir) => path.basename(dir)))
  const left = sessionDirs(repo).flatMap((dir) =>
    readdirSync(dir).includes('containers') ? readdirSync(path.join(dir, 'containers')) : [],
  )
  t.is(left.length, 1)
  t.not(await ours(repo, runtime), '')
  const dry = await place.pp('gc', '-n')
  t.is((dry.json['removed'] as { what: string }[]).filter(({ what }) => /^\w+ container pp-/.test(what)).length, 1)
  t.not(await ours(repo, runtime), '')
  t.is((await place.pp('run', 'grep -q "a - b" calc.py')).status, 0)
})

test('a container without an image is a mistake of the policy', async (t) => {
  for (const [name, one] of Object.entries(found)) if (typeof one === 'string') t.log(`${name} skipped: ${one}`)
  const repo = await tempRepo(t, CALC)
  const { status, json } = await plain(repo, ['run', PYTEST, '--sandbox', 'container', '--json'])
  t.is(status, 2)
  t.regex(json.reason ?? '', /image/)
  await nothingLeft(repo)
})
