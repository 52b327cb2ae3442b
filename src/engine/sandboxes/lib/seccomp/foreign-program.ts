import { open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Command } from '../../../model/command.ts'
import { walk } from '../../../platform/index.ts'
import type { SandboxJob } from '../../../ports/sandbox.ts'
import { findProgram } from '../find-tools.ts'
import { ARCHITECTURES } from './architectures.ts'

/** A tree with more entries is not searched further. */
const ENTRIES = 50_000
const EXECUTABLE = 0o111

/**
 * A program of another architecture that the kernel would run and whose system calls the filter refuses, if the command or its
 * output names one: its path below the top of the tree, or its name if it is a program of the machine; null: there is none.
 * Called after a crash, so that no other run pays for the search.
 */
export async function foreignProgramOf(
  { command, env, workspace, cwd }: SandboxJob,
  output: string,
): Promise<string | null> {
  const words = new Set(wordsOf(`${spelled(command)}\n${output}`))
  let left = ENTRIES
  for await (const { path, at, facts } of walk(workspace.dir, { skip: (name) => name === '.git', lenient: true })) {
    if (left-- === 0) break
    if (facts.isFile() && facts.mode & EXECUTABLE && words.has(basename(path)) && (await isForeign(at))) return path
  }
  for (const word of new Set(wordsOf(spelled(command)))) {
    const program = findProgram(word, env['PATH'], join(workspace.dir, cwd))
    if (program !== null && (await isForeign(program))) return word
  }
  return null
}

function spelled(command: Command): string {
  return 'shell' in command ? command.shell : command.argv.join('\n')
}

/** The last names of all paths in a text. */
function wordsOf(text: string): readonly string[] {
  return text.split(/[^\w.+@~-]+/).filter((word) => word !== '')
}

/** Whether a file is an ELF program (elf(5)) of 32 bits for one of the other tables of this kernel. */
async function isForeign(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => null)
  if (handle === null) return false
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(20), 0, 20, 0)
    const elf = bytesRead === 20 && buffer.subarray(0, 4).toString('latin1') === '\x7fELF' && buffer[4] === 1
    return elf && (ARCHITECTURES.get(process.arch)?.foreignMachines.includes(buffer.readUInt16LE(18)) ?? false)
  } finally {
    await handle.close()
  }
}
