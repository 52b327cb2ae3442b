import type { Caller } from '../model/options.ts'
import type { Sandbox, SandboxSelfTest } from '../ports/sandbox.ts'
import { rememberedTest } from '../state/index.ts'
import { isSet } from './worktrees.ts'

/**
 * The result of the self-test: made now, or remembered if the sandbox checks every run and nothing of it has changed since.
 * Jobs of a CI remember nothing. Throws SANDBOX_UNAVAILABLE.
 */
export async function selfTestOf(
  { env, uid, version: tool }: Pick<Caller, 'env' | 'uid' | 'version'>,
  cache: string,
  sandbox: Sandbox,
): Promise<SandboxSelfTest> {
  const { kind, version, checkedPrograms: programs } = sandbox
  if (programs === undefined || isSet(env['CI'])) return sandbox.selfTest()
  const before = await rememberedTest(cache, { kind, version, programs, uid, tool })
  if (await before.known()) return { loopback: 'blocked', unixSocket: 'blocked', remembered: true }
  const made = await sandbox.selfTest()
  await before.remember()
  return made
}
