import { escapeLine, keygen, PpError, shellWord } from '../engine/index.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Keygen extends Verb {
  static override description =
    'Makes a pair of ed25519 keys: FILE is the private key (PKCS#8 PEM, readable only by you), FILE.pub is the public key for those who verify (SPKI PEM). It refuses a place inside a worktree and never overwrites a file.'
  static override usage = ['keygen [OPTIONS] FILE']
  static override examples = ['git pp keygen ~/.config/git-pp/key', 'git pp keygen --json ~/keys/ci']
  static override words = { most: 1, command: false, about: { FILE: 'where the private key goes' } }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const [name] = typed.words
    if (name === undefined)
      throw new PpError('USAGE', 'git pp keygen needs the name of a file to write', {
        mend: 'git pp keygen ~/.config/git-pp/key',
      })
    const { file, publicFile, keyid } = await keygen(caller, name)
    const reason = `made key ${keyid}`
    const next = [
      `sign:    git pp prove --sign ed25519 --key ${shellWord(file)} ...`,
      `verify:  git pp verify --key ${shellWord(publicFile)} ...`,
    ]
    return {
      status: 0,
      json: { verdict: 'OK', reason, file, publicFile, keyid },
      lines: () => [reason, ...next].map(escapeLine),
    }
  }
}
