import { readFileSync } from 'node:fs'
import { succeeds } from '../../../platform/index.ts'
import { findTool, isInside } from '../find-tools.ts'
import { SYSTEM } from '../system-mounts.ts'
import { ARCHITECTURES } from './architectures.ts'
import { seccompFilter } from './filter.ts'

/** The kernel lists here what a filter may do with a call; the file is missing where the kernel takes no filters. */
const ACTIONS = '/proc/sys/kernel/seccomp/actions_avail'

/** The filter for this machine as the kernel takes it; null where it has no table of this architecture or takes no filters. */
export function filterOfMachine(arch: string = process.arch): Uint8Array | null {
  const architecture = ARCHITECTURES.get(arch)
  return architecture !== undefined && kernelTakesFilters() ? seccompFilter(architecture) : null
}

function kernelTakesFilters(): boolean {
  try {
    return readFileSync(ACTIONS, 'utf8').split(/\s+/).includes('errno')
  } catch {
    return false
  }
}

/**
 * For `perl -e LOADER PRCTL FILTER ARGV…`, FILTER in hexadecimal digits: gives up further privileges (PR_SET_NO_NEW_PRIVS),
 * loads the filter (PR_SET_SECCOMP with a struct sock_fprog) and becomes ARGV. It uses no module, which a tree could replace.
 */
const LOADER = `my ($prctl, $bytes) = (shift() + 0, pack "H*", shift);
my $program = pack "S x6 P", length($bytes) / 8, $bytes;
syscall($prctl, 38, 1, 0, 0, 0) == 0 && syscall($prctl, 22, 2, $program) == 0 or die "the filter of system calls was refused: $!\\n";
exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\\n"`

/**
 * The arguments before a command that load the filter and then become the command; null where this cannot be done. Perl is
 * taken from the directories that every command sees, and it is tried out here once.
 */
export async function filterLoader(dirs: readonly string[]): Promise<readonly string[] | null> {
  const [filter, architecture] = [filterOfMachine(), ARCHITECTURES.get(process.arch)]
  const system = dirs.filter((dir) => SYSTEM.some((top) => isInside(dir, top)))
  const [perl, nothing] = [findTool(system, 'perl'), findTool(system, 'true')]
  if (filter === null || architecture === undefined || perl === null || nothing === null) return null
  const words = ['-e', LOADER, String(architecture.prctl), Buffer.from(filter).toString('hex')]
  return (await succeeds(perl, [...words, nothing])) ? [perl, ...words] : null
}
