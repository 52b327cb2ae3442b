import { metBound } from '../core/bounds.ts'
import { seconds } from '../core/reading.ts'
import { PpError } from '../model/error.ts'
import type { Ended } from '../model/evidence.ts'
import type { Include, Workspace } from '../ports/workspace.ts'
import { checkpoint, lend, type Session } from './session.ts'

/**
 * Runs the policy's setup command once, on the base, before any patch. `keep` takes what it made beside the tree out of
 * the work tree; it stands in every later work tree, as an included dependency directory does.
 */
export async function setUp(
  session: Session,
  setup: { readonly command: string; readonly cwd: string },
  network: 'deny' | 'allow',
  keep: (workspace: Workspace) => Promise<readonly Include[]>,
): Promise<Session> {
  session.reporter.tell({ is: 'phase', name: 'setup', detail: setup.command })
  const includes = await lend(session, session.base.tree, async (workspace) => {
    const execution = await session.sandbox.run({
      command: { shell: setup.command },
      workspace,
      cwd: setup.cwd,
      env: session.environment,
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
    checkpoint(session)
    const { ended, stdout, stderr } = execution
    if (ended.how !== 'exited' || ended.code !== 0) {
      const text = lastLines(stderr.kept) || lastLines(stdout.kept) || 'it said nothing'
      throw new PpError('SETUP_FAILED', `setup failed on the base (${howEnded(ended)}): ${text}`)
    }
    return keep(workspace)
  })
  return { ...session, includes: merged(session.includes, includes) }
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
      return `no end after ${seconds(ended.afterMs)}`
    case 'limited':
      return metBound(ended)
    case 'not-run':
      return ended.reason
  }
}

function merged(before: readonly Include[], made: readonly Include[]): readonly Include[] {
  const paths = new Set(made.map(({ path }) => path))
  return [...before.filter(({ path }) => !paths.has(path)), ...made]
}
