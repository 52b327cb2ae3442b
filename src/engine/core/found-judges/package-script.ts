import { type Command, shellWord } from '../../model/command.ts'
import { callOf } from './calls.ts'
import { programNameOf } from './interpreter-rules.ts'
import { simpleCommandsOf } from './shell-line.ts'
import { scriptsOf } from './what-call-runs.ts'

/** The one script of package.json that a command runs. */
export interface PackageScriptCall {
  /** The line of the script, with the words that the command hands on to it. */
  readonly line: string
  /** The same command, which hands on more, as a shell would read it. */
  handingOn(more: string): Command
}

const MANAGER = /^(?:npm|pnpm|yarn|bun)$/

/** Null for a command that is no plain call of one script. `text`: the content of package.json where the command starts. */
export function packageScriptOf(command: Command, text: string): PackageScriptCall | null {
  const spelled = 'shell' in command ? command.shell.trim() : command.argv.map(shellWord).join(' ')
  if (/[;&|()<>`#\n]/.test(spelled)) return null
  const words = simpleCommandsOf(spelled)[0]?.words ?? []
  const call = callOf(words)
  if (call?.is !== 'scripts' || call.dir !== '' || call.names.length !== 1) return null
  const [name = ''] = call.names
  const script = scriptsOf(text)[name]
  const manager = words.map(programNameOf).find((word) => MANAGER.test(word))
  if (script === undefined || manager === undefined) return null
  const dashes = manager === 'npm' && !words.includes('--') ? ' --' : ''
  return {
    line: [script, ...call.rest.map(shellWord)].join(' '),
    handingOn(more) {
      if ('shell' in command) return { shell: `${spelled}${dashes} ${more}` }
      return { argv: [...command.argv, ...(dashes === '' ? [] : ['--']), ...(simpleCommandsOf(more)[0]?.words ?? [])] }
    },
  }
}
