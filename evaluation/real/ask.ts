import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import type { Bed } from './bed.ts'
import { execute } from './execute.ts'

/** What a row needs of `--json`. */
const Answer = z.object({
  verdict: z.string(),
  reason: z.string(),
  session: z.string().nullish(),
  runs: z.array(z.object({ durationMs: z.number() })).catch([]),
})

export interface Told {
  readonly verdict: string
  readonly reason: string
  readonly session: string | null
  readonly seconds: number
  readonly executions: readonly number[]
}

const LIMIT_SECONDS = 1200

/** Runs the built tool of `program` in the bed. */
export async function ask(program: string, bed: Bed, argv: readonly string[], agent?: string): Promise<Told> {
  const bin = join(program, 'bin', 'git-pp.cjs')
  const env = { ...bed.env, ...(agent === undefined ? {} : { PP_COMMAND: agent }) }
  const ended = await execute([process.execPath, bin, ...argv, '--json'], {
    cwd: bed.dir,
    env,
    limitSeconds: LIMIT_SECONDS,
  })
  const told = Answer.safeParse(parsed(ended.stdout))
  if (!told.success) {
    const reason = ended.code === null ? `no answer in ${LIMIT_SECONDS} s` : ended.stderr.slice(-400)
    return { verdict: 'NO_ANSWER', reason, session: null, seconds: ended.seconds, executions: [] }
  }
  const { verdict, reason, session = null, runs } = told.data
  return {
    verdict,
    reason: reason.slice(0, 400),
    session,
    seconds: ended.seconds,
    executions: runs.map((run) => run.durationMs / 1000),
  }
}

/** The version of the tool and, where it is a checkout, its commit. */
export async function programName(program: string): Promise<string> {
  const { version } = z.object({ version: z.string() }).parse(readJson(join(program, 'package.json')))
  const head = await execute(['git', 'rev-parse', '--short=12', 'HEAD'], { cwd: program })
  return head.code === 0 ? `${version} ${head.stdout.trim()}` : version
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
