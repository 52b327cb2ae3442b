/** One session that runs `true` some times, each time in a fresh work tree: `attempts-session.ts COUNT REPOSITORY`. */

import { randomBytes } from 'node:crypto'
import { openRepository } from '../../src/engine/git/index.ts'
import { NO_MEMORY } from '../../src/engine/ports/probe-memory.ts'
import type { SandboxJob } from '../../src/engine/ports/sandbox.ts'
import { findSandbox } from '../../src/engine/sandboxes/index.ts'
import { openSessionDir, repositoryDir } from '../../src/engine/state/index.ts'
import { layerOptions } from '../../src/engine/wiring/worktrees.ts'

const [count = '1', cwd = '.'] = process.argv.slice(2)
const env = process.env
const cache = `${env['XDG_CACHE_HOME']}/git-pp`
const id = `01jd${randomBytes(11).toString('hex')}`
const scratch = await openSessionDir(cache, `${id}s`)
const repository = await openRepository({ cwd, env, scratch: scratch.path })
const state = repositoryDir(cache, repository.place.commonDir)
const dir = await openSessionDir(state, id)
try {
  const clock = { now: () => new Date(), elapsed: () => performance.now(), random: (n: number) => randomBytes(n) }
  const kind = await findSandbox(env['PP_SANDBOX'] ?? 'bubblewrap')
  const sandbox = await kind?.open({
    ...{ checkout: repository.place.top, home: env['HOME'] ?? '/root', uid: 0, gid: 0, path: env['PATH'] ?? '' },
    ...{ state: dir.path, session: id, clock, probes: NO_MEMORY },
    bounds: { memory: 8 * 2 ** 30, cpus: null, processes: 512, disk: 20 * 2 ** 30 },
  })
  if (!sandbox) throw new Error('no sandbox')
  const layers = await layerOptions({ env }, repository, {
    ...{ sandbox, keepWorktrees: false, unsandboxed: false, state, session: dir.path },
  })
  const all = repository.workspaces(dir.path, { layers })
  const head = await repository.history.commit((await repository.head()) ?? '')
  for (let n = 0; n < Number(count); n++) {
    const workspace = await all.open(head.tree)
    const job: SandboxJob = {
      ...{ command: { argv: ['true'] }, workspace, cwd: '', env: { PATH: env['PATH'] ?? '' }, timeoutMs: 10_000 },
      ...{ limit: 'per-command', maxOutputBytes: 4096, network: 'deny', readOnly: [], includes: [] },
      redactor: { overlap: 0, redact: (bytes) => ({ bytes, hits: 0 }) },
      signal: new AbortController().signal,
    }
    const { ended } = await sandbox.run(job)
    if (ended.how !== 'exited' || ended.code !== 0) throw new Error(JSON.stringify(ended))
    await workspace.dispose()
  }
} finally {
  await repository.dispose()
  await dir.remove()
  await scratch.remove()
}
