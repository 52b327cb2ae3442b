import type { FilteredArchitecture } from './architectures.ts'

/** Families of sockets that tests need: unix, IPv4, IPv6 and netlink (which lists network interfaces). */
const FAMILIES = [1, 2, 10, 16]

/** Offsets in struct seccomp_data (linux/seccomp.h) on a machine that stores the lower half of a number first. */
const [NUMBER, ARCHITECTURE, FIRST_ARGUMENT] = [0, 4, 16]
/** Instructions of classic BPF (linux/bpf_common.h). */
const [LOAD, IF_EQUAL, IF_AT_LEAST, RETURN] = [0x20, 0x15, 0x35, 0x06]
const [EPERM, ENOSYS] = [1, 38]

/** How the program ends: what the kernel does with the call. Each is the last instruction of a path. */
const ENDS = {
  allow: 0x7fff0000,
  missing: 0x00050000 | ENOSYS,
  denied: 0x00050000 | EPERM,
} as const
type End = keyof typeof ENDS

/** One instruction. A comparison jumps to a name if it holds (`yes`) or if it does not (`no`), and otherwise goes on. */
interface Instruction {
  readonly code: number
  readonly value: number
  readonly yes?: End | 'family'
  readonly no?: End
}

/**
 * The seccomp filter of an architecture, as the kernel takes it: instructions of 8 bytes (struct sock_filter: code in 2 bytes,
 * two jumps of 1 byte each, a value in 4 bytes). Calls of another architecture are reported as missing.
 */
export function seccompFilter(architecture: FilteredArchitecture): Uint8Array {
  const { audit, foreignFrom, missing, denied, sockets } = architecture
  const ifCall = (yes: End | 'family') => (value: number) => ({ code: IF_EQUAL, value, yes })
  const calls: readonly Instruction[] = [
    { code: LOAD, value: ARCHITECTURE },
    { code: IF_EQUAL, value: audit, no: 'missing' },
    { code: LOAD, value: NUMBER },
    ...(foreignFrom === null ? [] : [{ code: IF_AT_LEAST, value: foreignFrom, yes: 'missing' as const }]),
    ...missing.map(ifCall('missing')),
    ...denied.map(ifCall('denied')),
    ...sockets.map(ifCall('family')),
    { code: RETURN, value: ENDS.allow },
  ]
  const family: readonly Instruction[] = [
    { code: LOAD, value: FIRST_ARGUMENT },
    ...FAMILIES.map((value) => ({ code: IF_EQUAL, value, yes: 'allow' as const })),
    { code: RETURN, value: ENDS.denied },
  ]
  const ends = Object.entries(ENDS).map(([end, value]) => ({ code: RETURN, value, end }))
  const program: readonly Instruction[] = [...calls, ...family, ...ends]
  const after = calls.length + family.length
  const places = new Map<string, number>([
    ['family', calls.length],
    ...ends.map(({ end }, at) => [end, after + at] as const),
  ])
  return Buffer.concat(program.map((instruction, at) => assembled(instruction, at, places)))
}

function assembled(instruction: Instruction, at: number, places: ReadonlyMap<string, number>): Buffer {
  // A jump counts the instructions that are left out. The program is much shorter than 256 instructions.
  const jump = (name: string | undefined) => (name === undefined ? 0 : (places.get(name) ?? 0) - at - 1)
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16LE(instruction.code, 0)
  bytes.writeUInt8(jump(instruction.yes), 2)
  bytes.writeUInt8(jump(instruction.no), 3)
  bytes.writeUInt32LE(instruction.value, 4)
  return bytes
}
