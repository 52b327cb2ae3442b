import * as z from 'zod'

/** A command: a string goes to `sh -c`, a list is an argv that no shell reads. */
export const Command = z.union([
  z.strictObject({ shell: z.string().min(1) }),
  z.strictObject({ argv: z.array(z.string()).min(1) }),
])
export type Command = z.infer<typeof Command>

/** A named command that must pass. `cwd` is relative to the top of the work tree, '' = the top, no trailing slash. */
export const Target = z.strictObject({
  name: z.string().min(1),
  command: Command,
  cwd: z.string(),
  hangAfterSec: z.number().positive().optional(),
})
export type Target = z.infer<typeof Target>

/** The command as a person would type it; for display, never for execution. */
export function spellCommand(command: Command): string {
  return 'shell' in command ? command.shell : command.argv.map(shellWord).join(' ')
}

/** One word, quoted if a shell would read it as anything else. */
export function shellWord(word: string): string {
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
