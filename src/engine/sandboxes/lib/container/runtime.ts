import { PpError } from '../../../model/error.ts'
import { howEnded, runProgram } from '../../../platform/index.ts'
import { findTool } from '../find-tools.ts'

/** A program that keeps containers. */
export type RuntimeName = 'podman' | 'docker'
export const RUNTIMES: readonly RuntimeName[] = ['podman', 'docker']

/** The client of a container runtime. */
export interface ContainerRuntime {
  readonly name: RuntimeName
  readonly program: string
  readonly env: Readonly<Record<string, string>>
  /** Runs the client to its end; stdout. Rejects with SETUP_FAILED and what it said last. */
  ask(args: readonly string[], options?: { readonly cwd?: string; readonly signal?: AbortSignal }): Promise<string>
}

/** One question to the client; a machine at its limits takes seconds for the first use of an image. ms. */
const PATIENCE = 120_000
const MOST = 16 * 1024 * 1024

/** Null where the program is missing. `tools`: directories that no patch can write. */
export function findRuntime(
  name: RuntimeName,
  tools: readonly string[],
  clientEnv: Readonly<Record<string, string>>,
): ContainerRuntime | null {
  const program = findTool(tools, name)
  if (program === null) return null
  const env = { ...clientEnv, PATH: tools.join(':'), LC_ALL: 'C' }
  return {
    name,
    program,
    env,
    ask: async (args, { cwd = '/', signal } = {}) => {
      const end = await runProgram({ program, args, env, cwd, signal, timeoutMs: PATIENCE, maxBytes: MOST })
      if (end.how === 'exited' && end.code === 0) return end.stdout.toString('utf8')
      const said = 'stderr' in end ? lastLine(end.stderr) : ''
      throw new PpError('SETUP_FAILED', `${name} ${args[0]}: ${said || `it ${howEnded(end)}`}`)
    },
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 500) ?? ''
}

/** How often a removal is asked for, and the wait between; docker refuses while another one is under way. ms. */
const [TRIES, PAUSE] = [20, 250]

/** Removes a container with all that runs in it, whether it is there or not. Throws SANDBOX_UNAVAILABLE when it stays. */
export async function removeContainer(runtime: ContainerRuntime, container: string): Promise<void> {
  const now = runtime.name === 'podman' ? ['--time', '0'] : []
  let fault: unknown
  for (let tries = 0; tries < TRIES; tries++) {
    fault = await runtime.ask(['rm', '--force', '--volumes', ...now, container]).then(
      () => null,
      (error: unknown) => error,
    )
    if (fault === null) return
    const left = await runtime.ask(['ps', '--all', '--quiet', '--filter', `name=^${container}$`]).catch(() => null)
    if (left === '') return
    if (left === null) break
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
  throw new PpError(
    'SANDBOX_UNAVAILABLE',
    `the container ${container} could not be removed: ${fault instanceof Error ? fault.message : fault}`,
    {
      cause: fault,
      mend: `${runtime.name} rm --force ${container}`,
    },
  )
}
