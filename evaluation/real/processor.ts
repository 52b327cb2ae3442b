/** User and system seconds of all children, from what the shell's `times` printed last; null: it did not print. */
export function processorSeconds(stderr: string): number | null {
  const last = stderr.trimEnd().split('\n').at(-1) ?? ''
  const [, user, system] = /^(\d+m[\d.]+s) (\d+m[\d.]+s)$/.exec(last) ?? []
  if (user === undefined || system === undefined) return null
  return Math.round((seconds(user) + seconds(system)) * 100) / 100
}

function seconds(text: string): number {
  const [, minutes = '0', rest = '0'] = /^(\d+)m([\d.]+)s$/.exec(text) ?? []
  return 60 * Number(minutes) + Number(rest)
}
