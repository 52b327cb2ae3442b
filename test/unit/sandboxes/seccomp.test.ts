import { readFileSync } from 'node:fs'
import test from 'ava'
import { ARCHITECTURES } from '../../../src/engine/sandboxes/lib/seccomp/architectures.ts'
import { seccompFilter } from '../../../src/engine/sandboxes/lib/seccomp/filter.ts'
import { filterLoader, filterOfMachine } from '../../../src/engine/sandboxes/lib/seccomp/load.ts'
import { where } from '../../helpers/needs.ts'

const AUDIT = { x64: 0xc000003e, i386: 0x40000003, arm64: 0xc00000b7, arm: 0x40000028 }
const [ALLOWED, NOT_PERMITTED, MISSING] = [0x7fff0000, 0x00050001, 0x00050026]
const X32 = 0x40000000

/** What a classic BPF machine answers (Documentation/networking/filter.rst), for the instructions that a filter here may use. */
function answer(program: Uint8Array, call: { audit: number; number: number; first?: number }): number {
  const bytes = Buffer.from(program)
  const data = Buffer.alloc(64)
  data.writeUInt32LE(call.number >>> 0, 0)
  data.writeUInt32LE(call.audit, 4)
  data.writeUInt32LE((call.first ?? 0) >>> 0, 16)
  let register = 0
  for (let at = 0; at * 8 < bytes.length; at++) {
    const [code, yes, no] = [bytes.readUInt16LE(at * 8), bytes[at * 8 + 2] ?? 0, bytes[at * 8 + 3] ?? 0]
    const value = bytes.readUInt32LE(at * 8 + 4)
    if (code === 0x06) return value
    if (code === 0x20) register = data.readUInt32LE(value)
    else if (code === 0x15) at += register === value ? yes : no
    else if (code === 0x35) at += register >= value ? yes : no
    else throw new Error(`unknown instruction ${code}`)
  }
  throw new Error('the program has no end')
}

function filterOf(arch: string): Uint8Array {
  const architecture = ARCHITECTURES.get(arch)
  if (architecture === undefined) throw new Error(`there is no table for ${arch}`)
  return seccompFilter(architecture)
}

/** System calls by their names, in the order x64, arm64. */
const REFUSED: Readonly<Record<string, readonly [x64: number, arm64: number, answer: number]>> = {
  add_key: [248, 217, MISSING],
  request_key: [249, 218, MISSING],
  keyctl: [250, 219, MISSING],
  userfaultfd: [323, 282, MISSING],
  io_uring_setup: [425, 425, MISSING],
  io_uring_enter: [426, 426, MISSING],
  io_uring_register: [427, 427, MISSING],
  kexec_load: [246, 104, NOT_PERMITTED],
  kexec_file_load: [320, 294, NOT_PERMITTED],
  perf_event_open: [298, 241, NOT_PERMITTED],
  open_by_handle_at: [304, 265, NOT_PERMITTED],
  bpf: [321, 280, NOT_PERMITTED],
}
const SOCKETS = { x64: [41, 53], arm64: [198, 199] } as const

for (const [column, arch] of (['x64', 'arm64'] as const).entries()) {
  const audit = AUDIT[arch]
  test(`${arch}: every call but the refused ones is allowed`, (t) => {
    const refused = new Map(Object.values(REFUSED).map((row) => [row[column] ?? 0, row[2]]))
    for (let number = 0; number < 700; number++) {
      if (SOCKETS[arch].some((one) => one === number)) continue
      t.is(answer(filterOf(arch), { audit, number }), refused.get(number) ?? ALLOWED, String(number))
    }
  })

  test(`${arch}: sockets are allowed for unix, IPv4, IPv6 and netlink alone`, (t) => {
    for (const number of SOCKETS[arch])
      for (let first = -1; first < 64; first++) {
        const wanted = [1, 2, 10, 16].includes(first) ? ALLOWED : NOT_PERMITTED
        t.is(answer(filterOf(arch), { audit, number, first }), wanted, `${number}, family ${first}`)
      }
  })

  test(`${arch}: calls of every other architecture are missing, whatever their number means here`, (t) => {
    for (const other of Object.values(AUDIT).filter((one) => one !== audit))
      for (let number = 0; number < 500; number++) t.is(answer(filterOf(arch), { audit: other, number }), MISSING)
  })

  test(`${arch}: the program is an array of instructions of 8 bytes that a kernel takes`, (t) => {
    t.is(filterOf(arch).length % 8, 0)
    t.true(filterOf(arch).length / 8 < 256, 'a jump has one byte')
  })
}

test('the calls of x32 are missing, and so is the number that belongs to no call', (t) => {
  for (const number of [0, 39, 41, 59, 231, 500, 0x3fffffff])
    t.is(answer(filterOf('x64'), { audit: AUDIT.x64, number: X32 + number }), MISSING, String(number))
})

test('an architecture without a table has no filter', (t) => {
  for (const arch of ['ia32', 'arm', 'riscv64', 's390x', 'ppc64', '']) t.is(filterOfMachine(arch), null, arch)
})

test('where there is no perl, nothing can load a filter before a command', async (t) => {
  t.is(await filterLoader(['/usr/share', '/home']), null)
})

const HEADERS = { x64: '/usr/include/x86_64-linux-gnu/asm/unistd_64.h', arm64: '/usr/include/asm-generic/unistd.h' }
for (const [column, [arch, file]] of Object.entries(HEADERS).entries()) {
  const text = read(file)
  where(text !== null, `there is no ${file}`)(`${arch}: the numbers are those of the kernel's own header`, (t) => {
    const numberOf = (name: string) => Number(new RegExp(`__NR_${name}\\s+(\\d+)`).exec(text ?? '')?.[1])
    for (const [name, row] of Object.entries(REFUSED)) t.is(numberOf(name), row[column] ?? 0, name)
    const sockets = [numberOf('socket'), numberOf('socketpair')]
    t.deepEqual(ARCHITECTURES.get(arch)?.sockets, sockets)
    t.is(ARCHITECTURES.get(arch)?.prctl, numberOf('prctl'))
  })
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
