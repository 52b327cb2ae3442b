/** The host name in every sandbox; the real name of the machine would become part of proofs. */
export const HOST_INSIDE = 'pp'

const OWN = [
  '127.0.0.1 localhost',
  '::1 localhost ip6-localhost ip6-loopback',
  `127.0.0.1 ${HOST_INSIDE}`,
  `::1 ${HOST_INSIDE}`,
]
const NAMED = new Set(OWN.flatMap((line) => line.split(' ').slice(1)))

/**
 * A hosts(5) file in which `localhost` and the name of the sandbox mean loopback, for both address families. It keeps the
 * lines of `outside`, the machine's own file, without these names and without the machine's own name `machine`.
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
