import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { pp, type Ran } from './pp.ts'
import { type TestRepo, tempRepo } from './repo.ts'

/** Fails for reasons of its own only: every run counts itself in a file outside of all work trees, and the product goes by it. */
const TEST = 'n=$(cat "$COUNT")\necho $((n + 1)) > "$COUNT"\nsh product.sh "$n"\n'

export interface Sometimes {
  readonly repo: TestRepo
  /** Runs git pp with the counter, and without a sandbox that would hide it. Counts from 0 again. */
  ask(verb: string, options: readonly string[], ...words: readonly string[]): Promise<Ran>
}

/** A repository whose last commit changes `product.sh`; $1 of it is the number of the run: even without the change, odd with it. */
export async function sometimes(
  t: ExecutionContext,
  base: string,
  change: Readonly<Record<string, string>>,
): Promise<Sometimes> {
  const repo = await tempRepo(t, { 'product.sh': `${base}\n`, 'tests/run.sh': TEST })
  await repo.commit('Change', change)
  const file = join(repo.home, 'count')
  return {
    repo,
    async ask(verb, options, ...words) {
      await writeFile(file, '0')
      const open = ['--sandbox', 'none', '--network', 'allow', '--env', 'COUNT']
      return pp(repo, [verb, ...open, ...options, ...words], { env: { COUNT: file } })
    },
  }
}

/** How many runs there were since the last question. */
export async function ranSince({ repo }: Sometimes): Promise<number> {
  return Number(await readFile(join(repo.home, 'count'), 'utf8'))
}
