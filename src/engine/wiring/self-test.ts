import type { ProbeMemory } from '../ports/probe-memory.ts'
import type { Sandbox, SandboxSelfTest } from '../ports/sandbox.ts'

/**
 * The result of the self-test: made now, or remembered if the sandbox checks every run and nothing of it has changed since.
 * Throws SANDBOX_UNAVAILABLE.
 */
export async function selfTestOf(probes: ProbeMemory, sandbox: Sandbox): Promise<SandboxSelfTest> {
  const { kind, version, checkedPrograms: programs } = sandbox
  if (programs === undefined) return sandbox.selfTest()
  let made: SandboxSelfTest | null = null
  await probes.recall(`self-test ${kind} ${version}`, programs, async () => {
    made = await sandbox.selfTest()
    return 'blocked'
  })
  return made ?? { loopback: 'blocked', unixSocket: 'blocked', remembered: true }
}
