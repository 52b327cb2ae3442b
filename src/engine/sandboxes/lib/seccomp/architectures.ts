/** What the filter refuses on one architecture of the kernel, by the numbers of its own system calls. */
export interface FilteredArchitecture {
  /** AUDIT_ARCH_… of linux/audit.h: which table of system calls a call belongs to. */
  readonly audit: number
  /** Calls from this number on belong to another table that the kernel reports under the same name (x32); null: there is none. */
  readonly foreignFrom: number | null
  /** The machines of ELF files of 32 bits that such a kernel can also run (EM_… of elf.h). */
  readonly foreignMachines: readonly number[]
  /** Reported as missing, because programs then do without them. */
  readonly missing: readonly number[]
  /** Reported as not permitted. */
  readonly denied: readonly number[]
  /** Calls whose first argument is a family of sockets. */
  readonly sockets: readonly number[]
  /** prctl(2), with which a process loads the filter. */
  readonly prctl: number
}

/** These three have the same numbers on every architecture. */
const IO_URING = { setup: 425, enter: 426, register: 427 }

const X86_64 = {
  ...{ keyctl: 250, addKey: 248, requestKey: 249, userfaultfd: 323 },
  ...{ bpf: 321, perfEventOpen: 298, kexecLoad: 246, kexecFileLoad: 320, openByHandleAt: 304 },
  ...{ socket: 41, socketpair: 53, prctl: 157 },
}
const AARCH64: typeof X86_64 = {
  ...{ keyctl: 219, addKey: 217, requestKey: 218, userfaultfd: 282 },
  ...{ bpf: 280, perfEventOpen: 241, kexecLoad: 104, kexecFileLoad: 294, openByHandleAt: 265 },
  ...{ socket: 198, socketpair: 199, prctl: 167 },
}

/** By the name that Node gives to the architecture. Elsewhere nothing is filtered, and the proof says so. */
export const ARCHITECTURES: ReadonlyMap<string, FilteredArchitecture> = new Map([
  ['x64', { audit: 0xc000003e, foreignFrom: 0x40000000, foreignMachines: [3, 62], ...refused(X86_64) }],
  ['arm64', { audit: 0xc00000b7, foreignFrom: null, foreignMachines: [40], ...refused(AARCH64) }],
])

function refused(calls: typeof X86_64): Pick<FilteredArchitecture, 'missing' | 'denied' | 'sockets' | 'prctl'> {
  return {
    missing: [...Object.values(IO_URING), calls.userfaultfd, calls.keyctl, calls.addKey, calls.requestKey],
    denied: [calls.bpf, calls.perfEventOpen, calls.kexecLoad, calls.kexecFileLoad, calls.openByHandleAt],
    sockets: [calls.socket, calls.socketpair],
    prctl: calls.prctl,
  }
}
