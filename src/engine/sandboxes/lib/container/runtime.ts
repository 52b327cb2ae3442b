import { PpError } from '../../../model/error.ts'
import { howEnded, runProgram } from '../../../platform/index.ts'
import { findTool } from '../find-tools.ts'

/** A container program that can be used. */
export type RuntimeName = 'podman' | 'docker'
export const RUNTIMES: readonly RuntimeName[] = ['podman', 'docker']

/** The client of a container runtime. */
export interface ContainerRuntime {
  readonly name: RuntimeName
  readonly program: string
  readonly env: Readonly<Record<string, string>>
  /** Runs the client to its end and returns stdout. Rejects with SETUP_FAILED and the client's last words. */
  ask(args: readonly string[], options?: { readonly cwd?: string; readonly signal?: AbortSignal }): Promise<string>
}

/** In ms, for one call of the client; a busy machine needs seconds for the first use of an image. */
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

/** How many times a removal is tried, and the pause between tries in ms; docker refuses while another removal is in progress. */
const [TRIES, PAUSE] = [20, 250]

/** Removes a container with all its processes, whether it exists or not. Throws SANDBOX_UNAVAILABLE if it remains. */
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
