import { type Bed, PROGRAM } from './bed.ts'

/** One stop of an agent, in a session that has its own id. */
const STOP = (id: string) =>
  `printf '{"session_id":"${id}","hook_event_name":"Stop"}' | "$NODE" "${PROGRAM}" gate --agent claude --deadline 300`
const BEGIN = (id: string) =>
  `printf '{"session_id":"${id}","hook_event_name":"SessionStart"}' | "$NODE" "${PROGRAM}" gate --agent claude --begin`

/** What the gate costs: a stop without a change, and a stop after a fix beside the proof of the same fix. In ms of CPU. */
export interface GateCosts {
  unchanged(): Promise<number>
  fixed(): Promise<number>
  prove(): Promise<number>
}

export async function gateCosts(bed: Bed): Promise<GateCosts> {
  const repo = bed.repository(22)
  const shell = async (script: string) =>
    (await bed.measure(repo, ['sh', '-ec', script], { NODE: process.execPath })).cpu
  const target = 'proof_targets:\\n  - { name: unit, cmd: "node --test" }\\n'
  await shell(`printf '${target}' > pp.yaml && git add pp.yaml && git commit -qm policy`)
  let sessions = 0
  await shell(`${BEGIN('still')}; sleep 5`)
  return {
    unchanged: () => shell(STOP('still')),
    async fixed() {
      const id = `s${++sessions}`
      // The beginning looks whether the base runs, beside the agent's work.
      // Another tree each time, for which there is no answer yet.
      await shell(`${BEGIN(id)}; sleep 5; git apply ../patch; echo '// ${id}' >> calc.cjs`)
      const cpu = await shell(STOP(id))
      // What goes on after the answer is no part of the next figure.
      await shell('sleep 5; git checkout -q calc.cjs')
      return cpu
    },
    async prove() {
      await shell('git apply ../patch')
      const cpu = (await bed.pp(repo, ['prove', '--runs', '1', 'node --test'])).cpu
      await shell('git checkout -q calc.cjs')
      return cpu
    },
  }
}
