/** What every sandbox calls its machine: the real name would stand in proofs. */
export const HOST_INSIDE = 'pp'

const OWN = [
  '127.0.0.1 localhost',
  '::1 localhost ip6-localhost ip6-loopback',
  `127.0.0.1 ${HOST_INSIDE}`,
  `::1 ${HOST_INSIDE}`,
]
const NAMED = new Set(OWN.flatMap((line) => line.split(' ').slice(1)))

/**
 * A hosts(5) file in which `localhost` and the name of the sandbox lead to loopback, in both families. Of `outside`, the
 * machine's own, it keeps all but these and the names of the machine itself, `machine`.
 */
export function hostsFile(outside = '', machine = ''): string {
  const [short = ''] = machine.split('.')
  const ours = (name: string) => NAMED.has(name) || (short !== '' && (name === short || name.startsWith(`${short}.`)))
  const others = outside.split('\n').flatMap((line) => {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    const kept = names.filter((name) => !ours(name))
    return address !== undefined && kept.length > 0 ? [[address, ...kept].join(' ')] : []
  })
  return [...OWN, ...others, ''].join('\n')
}
