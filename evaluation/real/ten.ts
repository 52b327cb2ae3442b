import type { Bed } from './bed.ts'

const TIMES = 10

/** Ten plain runs of one tree, outside of the tool: do they disagree in status, or in the lines that name a failure? */
export async function tenRuns(bed: Bed, commit: string, command: string): Promise<string> {
  await bed.at(commit)
  const seen = new Map<string, number>()
  for (let run = 0; run < TIMES; run += 1) {
    const { code, stdout, stderr } = await bed.plain(command)
    const told = `${code === 0 ? 'green' : 'red'} ${failures(`${stdout}\n${stderr}`).join(', ')}`.trim()
    seen.set(told, (seen.get(told) ?? 0) + 1)
  }
  return [...seen].map(([told, times]) => `${times} × ${told}`).join('; ')
}

export function disagree(told: string): boolean {
  return told.includes('; ')
}

/** Names of failing tests, without what changes from run to run. */
export function failures(output: string): readonly string[] {
  const lines = output.matchAll(/^\s*(?:FAILED|ERROR|not ok \d+|--- FAIL:|FAIL:|✖|✗|✘|test .* \.\.\. FAILED)(.*)$/gm)
  const names = [...lines].map((line) => line[0].trim().replace(/\d+(\.\d+)?/g, 'N'))
  return [...new Set(names)].sort()
}
