import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { podman } from '../../test/helpers/containers.ts'
import { table } from './page.ts'
import { type Answer, bed, inParallel } from './programs.ts'
import { BOUNDS } from './scripts/bounds.ts'
import { BUYING } from './scripts/buying.ts'
import { LEAKING, REACHING } from './scripts/leaking.ts'
import type { Script } from './scripts/script.ts'

/** A sandbox, and what chooses it. */
interface Column {
  readonly title: string
  readonly options: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** pp.yaml of the user, beside that of the base. */
  readonly policy?: string
  /** Programs that it does not show to commands. */
  readonly lacks: readonly string[]
}

/** The table of attacks on the whole program, a column per sandbox, and whether one of them came through. */
export async function scriptTable(): Promise<{ text: string; isOpen: boolean }> {
  const { columns, dispose } = await columnsHere()
  try {
    const scripts = [...BUYING, ...REACHING, ...LEAKING, ...BOUNDS]
    const tries = scripts.flatMap((script) =>
      (script.anywhere ? columns.slice(0, 1) : columns).map((at) => ({ script, at })),
    )
    const ends = await inParallel(tries, async ({ script, at }) => ({ script, at, end: await tried(script, at) }))
    const cell = (script: Script, at: Column) =>
      ends.find((one) => one.script === script && (script.anywhere || one.at === at))?.end ?? ''
    const rows = scripts.map((script) => [script.name, ...columns.map((at) => cell(script, at))])
    const isOpen = ends.some(({ end }) => end === 'OPEN' || end.startsWith('cannot tell'))
    return { text: table(['attack', ...columns.map(({ title }) => title)], rows), isOpen }
  } finally {
    await dispose()
  }
}

async function tried({ needs = [], attack }: Script, { options, env, policy, lacks }: Column): Promise<string> {
  const absent = needs.find((one) => lacks.includes(one) || spawnSync('sh', ['-c', `command -v ${one}`]).status !== 0)
  if (absent !== undefined) return `not tried: no ${absent}`
  const repo = await bed('script')
  try {
    const own = join(repo.root, 'policy.yaml')
    if (policy !== undefined) await writeFile(own, policy)
    const words = policy === undefined ? options : [...options, '--policy', own]
    const pp = async (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Answer> =>
      (await repo.pp([...args, ...words], { env: { ...env, ...more } })).answer
    return await attack({ bed: repo, pp, options: words, env })
  } catch (error) {
    return `cannot tell: ${String(error).split('\n', 1)[0]}`
  } finally {
    await repo.remove()
  }
}

/** The sandboxes that work on this machine. */
async function columnsHere(): Promise<{ columns: readonly Column[]; dispose(): Promise<void> }> {
  const plain = (title: string, ...more: readonly string[]): Column => ({
    ...{ title, options: [`--sandbox=${title}`, ...more], env: {}, lacks: [] },
  })
  const runtime = await podman()
  const isThere = typeof runtime !== 'string'
  const container: readonly Column[] = isThere
    ? [
        {
          ...{ title: 'container', options: ['--sandbox=container'], env: runtime.wish.env, lacks: ['cargo'] },
          policy: `policy: {sandbox: {backend: container, container_runtime: podman, container_image: "${runtime.wish.image}"}}\n`,
        },
      ]
    : []
  const all = [plain('bubblewrap'), plain('unshare'), ...container, plain('none', '--network=allow')]
  const works = await Promise.all(all.map(isWorking))
  return { columns: all.filter((_, at) => works[at]), dispose: async () => (isThere ? runtime.dispose() : undefined) }
}

async function isWorking(column: Column): Promise<boolean> {
  const attack: Script['attack'] = async ({ bed: repo, pp }) => {
    await repo.write({ 'state.txt': 'bad\n' })
    await repo.commit('Base')
    await repo.write({ 'state.txt': 'good\n' })
    await repo.commit('Change')
    const { verdict } = await pp(['prove', 'HEAD', 'grep -q good state.txt', '--runs', '1'])
    return verdict === 'PROVED' ? 'closed' : `cannot tell: ${verdict}`
  }
  const end = await tried({ name: 'a fix', attack }, column)
  if (end !== 'closed') console.error(`${column.title} is left out: ${end}`)
  return end === 'closed'
}
