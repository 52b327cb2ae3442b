import { safePath } from '../../core/advice/index.ts'
import { describeMetBound } from '../../core/bounds/index.ts'
import { formatSeconds } from '../../core/failure/index.ts'
import { PpError } from '../../model/error.ts'
import type { Ended } from '../../model/evidence.ts'
import type { IncludedDependency, Workspace } from '../../ports/workspace.ts'
import { type Session, throwIfAborted, withWorkspace } from './session.ts'

/** The environment of the setup command, which may allow more than that of other runs. */
export interface SetupEnvironment {
  readonly network: 'deny' | 'allow'
  readonly variables: Readonly<Record<string, string>>
}

/** What setup made. `leak`: a file among it that holds the value of a variable that only setup may see. */
export interface SetupResult {
  readonly made: readonly IncludedDependency[]
  readonly leak: { readonly path: string; readonly name: string } | null
}

type SettingUp = Pick<
  Session,
  'base' | 'includes' | 'outputRedactor' | 'reporter' | 'sandbox' | 'settings' | 'signal' | 'workspaces'
>

/**
 * Runs the policy's setup command once, on the base, before any patch. `keep` moves what setup made beside the tree out of
 * the work tree; every later work tree gets it, as it gets included dependency directories. Returns all of these.
 */
export async function runSetup(
  session: SettingUp,
  setup: { readonly command: string; readonly cwd: string },
  { network, variables }: SetupEnvironment,
  keep: (workspace: Workspace) => Promise<SetupResult>,
): Promise<readonly IncludedDependency[]> {
  session.reporter.tell({ is: 'phase', name: 'setup', detail: setup.command })
  const install = async (workspace: Workspace) => {
    const execution = await session.sandbox.run({
      command: { shell: setup.command },
      workspace,
      cwd: setup.cwd,
      env: variables,
      timeoutMs: session.settings.perCommandMs,
      limit: 'per-command',
      maxOutputBytes: session.settings.maxOutputBytes,
      network,
      readOnly: [],
      includes: session.includes,
      includesWritable: true,
      redactor: session.outputRedactor,
      signal: session.signal,
    })
    throwIfAborted(session)
    const { ended, stdout, stderr } = execution
    if (ended.how !== 'exited' || ended.code !== 0) {
      const text = lastLines(stderr.kept) || lastLines(stdout.kept) || 'it printed nothing'
      throw new PpError('SETUP_FAILED', `setup failed on the base (${howEnded(ended)}): ${text}`)
    }
    const { made, leak } = await keep(workspace)
    if (leak !== null) throw leaked(leak)
    return made
  }
  // What setup makes is moved away from here, and may be large.
  const includes = await withWorkspace(session, session.base.tree, install, 'checkout')
  return merged(session.includes, includes)
}

function leaked({ path, name }: NonNullable<SetupResult['leak']>): PpError {
  const message = `setup left the value of the variable ${name} in ${path}, where every later run could read it`
  return new PpError('SETUP_FAILED', message, {
    mend: `let the setup command remove ${safePath(path) ?? 'this file'} at its end`,
  })
}

function lastLines(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).trim().split('\n').slice(-3).join(' / ').slice(-500)
}

function howEnded(ended: Ended): string {
  switch (ended.how) {
    case 'exited':
      return `exit status ${ended.code}`
    case 'signalled':
      return `killed by ${ended.signal}`
    case 'timed-out':
      return `stopped after ${formatSeconds(ended.afterMs)}`
    case 'limited':
      return describeMetBound(ended)
    case 'not-run':
      return ended.reason
  }
}

function merged(
  before: readonly IncludedDependency[],
  made: readonly IncludedDependency[],
): readonly IncludedDependency[] {
  const paths = new Set(made.map(({ path }) => path))
  return [...before.filter(({ path }) => !paths.has(path)), ...made]
}
