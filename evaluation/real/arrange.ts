import type { Bed, Edits } from './bed.ts'
import { filesOfBase } from './choose.ts'
import type { Column } from './columns.ts'
import { commandOf } from './command.ts'
import type { Parts } from './fix.ts'
import { HALVES, halved, type Versions } from './half.ts'
import type { Fix, Project } from './projects.ts'
import { WEAKENINGS, weakened } from './weaken.ts'

/** What stands in the bed now, and what is to be asked of it. */
export interface Arranged {
  readonly command: string
  /** The words before the command. */
  readonly argv: readonly string[]
  readonly agent?: string
  /** Trees that have to be red and green when run outside of the tool. */
  readonly red: string
  readonly green: string
  readonly remark: string | null
}

interface Given {
  readonly project: Project
  readonly bed: Bed
  readonly fix: Fix
  readonly parts: Parts
  /** Given in place of the command of the fix's test files. */
  readonly whole: boolean
}

/** Puts the commits of one column together; a text says why the fix has no such row. */
export async function arrange(column: Column, given: Given): Promise<Arranged | string> {
  switch (column) {
    case 'fix':
      return withItsTests(given)
    case 'tests':
      return testsAlone(given)
    case 'product':
      return productAlone(given)
    case 'weakened':
      return halfWeakened(given)
    case 'agent':
      return byAgent(given)
  }
}

async function withItsTests(given: Given): Promise<Arranged | string> {
  const { bed, fix, parts } = given
  const command = commandIn(given)
  if (given.whole) {
    const outside = await wholeOutside(given, command)
    if (outside !== null) return outside
  }
  await bed.at(fix.commit)
  return { command, argv: ['prove', 'HEAD'], red: parts.base, green: fix.commit, remark: null }
}

/** Why the whole suite cannot be the command of this fix; null: it can. */
async function wholeOutside({ bed, fix }: Given, command: string): Promise<string | null> {
  await bed.at(fix.commit)
  const { code } = await bed.plain(command)
  if (code === null) return 'the whole suite takes more than 120 s outside of the tool'
  return code === 0 ? null : 'the whole suite is red outside of the tool'
}

async function testsAlone(given: Given): Promise<Arranged> {
  const { bed, parts } = given
  const green = await bed.commit(parts.base, parts.tested, 'Tests of a fix')
  return { command: commandIn(given), argv: ['prove', 'HEAD'], red: green, green, remark: null }
}

async function productAlone(given: Given): Promise<Arranged | string> {
  const { project, bed, parts } = given
  const old = await filesOfBase(bed, parts)
  if (old.length === 0) return 'all test files of the fix are new'
  const green = await bed.commit(parts.base, parts.product, 'Product of a fix')
  const command = commandOf(project.command, old)
  return { command, argv: ['prove', 'HEAD'], red: parts.base, green, remark: null }
}

/** The strong tests are the base, so that what is weakened are judges that stood there. */
async function halfWeakened(given: Given): Promise<Arranged | string> {
  const { bed, parts, fix } = given
  const command = commandIn(given)
  const strong = await bed.commit(parts.base, parts.tested, 'Tests of a fix')
  const product = await versions(bed, parts, [...parts.sourceOnly.keys()])
  const tests = await versions(bed, parts, fix.files)
  let why = 'each half of the fix passes all its tests'
  for (const which of HALVES) {
    const half = texts(halved(product, which))
    await bed.commit(strong, half, 'Half of a fix')
    if ((await bed.plain(command)).code === 0) continue
    for (const way of WEAKENINGS) {
      const weak = texts(new Map(tests.map((test) => [test.path, weakened(test, way)])))
      const green = await bed.commit(strong, new Map([...half, ...weak]), 'Half of a fix, weaker tests')
      const { code } = await bed.plain(command)
      if (code !== 0) continue
      await bed.at(green)
      return { command, argv: ['prove', 'HEAD'], red: strong, green, remark: `${which} groups kept, ${way}` }
    }
    why = 'no weakening makes the tests green'
  }
  return why
}

/** The fix's tests are the base; the agent writes the fix's source. */
async function byAgent(given: Given): Promise<Arranged> {
  const { bed, parts } = given
  const strong = await bed.commit(parts.base, parts.tested, 'Tests of a fix')
  const green = await bed.commit(strong, parts.sourceOnly, 'A fix')
  const patch = await bed.git('diff', '--binary', '--full-index', strong, green)
  await bed.at(strong)
  const agent = `printf %s ${Buffer.from(patch).toString('base64')} | base64 -d | git apply -`
  return { command: commandIn(given), argv: ['run'], agent, red: strong, green, remark: null }
}

function commandIn({ project, fix, whole }: Given): string {
  return whole ? project.whole : commandOf(project.command, fix.files)
}

function texts(files: ReadonlyMap<string, string>): Edits {
  return new Map([...files].map(([path, text]) => [path, { text }]))
}

async function versions(bed: Bed, { base, commit }: Parts, paths: readonly string[]): Promise<readonly Versions[]> {
  return Promise.all(
    paths.map(async (path) => ({
      path,
      before: (await bed.text(base, path)) ?? '',
      after: (await bed.text(commit, path)) ?? '',
    })),
  )
}
