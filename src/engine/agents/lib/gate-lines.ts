import type { HookEntry, JsonValue } from '../../model/agent-registration.ts'

/** Within this time, in seconds, the gate answers, unless the policy of the project gives it more. */
export const DEADLINE_S = 60
/** After this time, in seconds, the agent ends the gate and goes on. It leaves room for what a policy may add to the deadline. */
export const TIMEOUT_S = 600
const BEGIN_TIMEOUT_S = 60

const IF_INSTALLED = 'command -v git-pp >/dev/null 2>&1 || exit 0;'

/**
 * The line that an agent runs at its stop. It never changes, since some agents ask for trust again when it does. Where git pp is
 * not installed it ends quietly. A gate that breaks ends with 1: with other statuses some agents would be sent back for ever.
 */
export function stopLine(kind: string): string {
  return `${IF_INSTALLED} git-pp gate --agent ${kind} --deadline ${DEADLINE_S} || exit 1`
}

/** The line that an agent runs at the start of a session. */
export function beginLine(kind: string): string {
  return `${IF_INSTALLED} git-pp gate --begin --agent ${kind} || exit 1`
}

/** For whoever reads the status. */
export function commandLine(kind: string): string {
  return `${IF_INSTALLED} exec git-pp gate --agent ${kind} --deadline ${DEADLINE_S}`
}

/** The hooks of an agent. `entry`: how it writes a hook; the time limit is in seconds. */
export function gateHooks(
  kind: string,
  events: { readonly begin: string; readonly stop: string },
  entry: (line: string, timeout: number) => { readonly [key: string]: JsonValue },
): readonly HookEntry[] {
  return [
    { path: ['hooks', events.begin], entry: entry(beginLine(kind), BEGIN_TIMEOUT_S) },
    { path: ['hooks', events.stop], entry: entry(stopLine(kind), TIMEOUT_S) },
  ]
}
