import { escapeLine, keygen, PpError, shellWord } from '../engine/index.ts'
import { type Answer, type Call, Verb } from './verb.ts'

export default class Keygen extends Verb {
  static override description =
    'Makes an ed25519 pair: FILE (PKCS#8 PEM, only for you) and FILE.pub (SPKI PEM, for those who verify). Refuses any place inside a work tree, and never writes over a file.'
  static override usage = ['keygen [OPTIONS] FILE']
  static override examples = ['git pp keygen ~/.config/git-pp/key', 'git pp keygen --json ~/keys/ci']
  static override words = { most: 1, command: false, about: { FILE: 'where the private key goes' } }

  protected async answer({ typed, caller }: Call): Promise<Answer> {
    const [name] = typed.words
    if (name === undefined)
      throw new PpError('USAGE', 'keygen needs a file to write', { mend: 'git pp keygen ~/.config/git-pp/key' })
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
