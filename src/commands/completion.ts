import { PpError } from '../engine/index.ts'
import { bashCompletion } from './completion/bash.ts'
import { declaredVerbs } from './completion/declared.ts'
import { fishCompletion } from './completion/fish.ts'
import { zshCompletion } from './completion/zsh.ts'
import { type CommandAnswer, type CommandInput, type Entry, Verb, type VerbClass } from './verb.ts'

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

/** The verb that prints the completion of `verbs`, including itself. */
export function completionOf(verbs: ReadonlyMap<string, Entry>): VerbClass {
  return class Completion extends Verb {
    static override description =
      'Prints the script that lets bash, zsh or fish complete verbs, options and their values. How to install it stands in its first lines.'
    static override usage = ['completion [OPTIONS] SHELL']
    static override examples = [
      'git pp completion bash > ~/.git-pp-completion.bash',
      'git pp completion fish > ~/.config/fish/completions/git-pp.fish',
    ]
    static override words = { most: 1, command: false, about: { SHELL: 'bash, zsh or fish' } }

    protected async answer({ typed }: CommandInput): Promise<CommandAnswer> {
      const [shell = ''] = typed.words
      if (!isShell(shell)) {
        const message = shell === '' ? 'completion needs the name of a shell' : `no completion for this shell: ${shell}`
        throw new PpError('USAGE', `${message}; known: ${Object.keys(SHELLS).join(', ')}`)
      }
      const script = SHELLS[shell](await declaredVerbs(verbs))
      return {
        status: 0,
        json: { verdict: 'OK', reason: `completion of git pp for ${shell}`, shell, script },
        lines: () => script.trimEnd().split('\n'),
        exact: true,
      }
    }
  }
}

function isShell(word: string): word is keyof typeof SHELLS {
  return Object.hasOwn(SHELLS, word)
}
