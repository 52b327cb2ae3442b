import { readFile, writeFile } from 'node:fs/promises'
import * as z from 'zod'

const Oid = z.string().regex(/^[0-9a-f]{40}$/)
const Globs = z.array(z.string().min(1)).min(1)

/** How a run that is no session of the tool ended; `none`: there was nothing to run. */
const Plain = z.enum(['green', 'red', 'none'])

/** One fix that the rule chose, with what plain runs outside of the tool showed of it. */
const Fix = z.strictObject({
  commit: Oid,
  /** The test files of the fix that the runner takes. */
  files: z.array(z.string()).min(1),
  /** One plain run with the fix: of the clock or of the processor, whichever is less. */
  seconds: z.number().nonnegative(),
  /** The base with its own tests; `none`: every test file of the fix is new. */
  base: Plain,
  /** The base's own tests with the product part of the fix: red means that behaviour changed on purpose. */
  baseTestsWithProduct: Plain,
})
export type Fix = z.infer<typeof Fix>

const Install = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('npm'), packages: z.array(z.string()).min(1) }),
  z.strictObject({ from: z.literal('debian'), packages: z.array(z.string()).min(1) }),
  z.strictObject({ from: z.literal('nothing') }),
])

export const Project = z.strictObject({
  name: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  url: z.url(),
  commit: Oid,
  language: z.enum(['Python', 'JavaScript', 'TypeScript', 'Go', 'Rust', 'C', 'shell', 'Ruby', 'PHP', 'Perl', 'Lua']),
  runner: z.string().min(1),
  install: Install,
  /** Paths that are product; everything that is neither product nor test is carried with the product. */
  source: Globs,
  tests: Globs,
  /** The tests that the command may name. */
  runnable: Globs,
  /** `{files}`, `{dirs}` and `{flags:--x}` stand for the test files of the fix; see command.ts. */
  command: z.string().min(1),
  whole: z.string().min(1),
  fixes: z.array(Fix),
  /** Why candidates were left out: the rule's sentence → commits. */
  dropped: z.record(z.string(), z.array(z.string())),
})
export type Project = z.infer<typeof Project>

export const Projects = z.array(Project)

export const PROJECTS = `${import.meta.dirname}/projects.json`

export async function readProjects(path = PROJECTS): Promise<Project[]> {
  return Projects.parse(JSON.parse(await readFile(path, 'utf8')))
}

export async function writeProjects(projects: readonly Project[], path = PROJECTS): Promise<void> {
  await writeFile(path, `${JSON.stringify(Projects.parse(projects), null, 1)}\n`)
}
