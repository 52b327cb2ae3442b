import { shellWord } from '../../model/command.ts'
import { utf8Bytes } from '../bytes/index.ts'
import { isOwnKeyVariable } from '../environment/index.ts'
import { findSecrets, isSecretName, secretPath } from '../redact/index.ts'

/**
 * Words for lines that people paste into a shell. The output of a test, a proof or a tree may contain any name. A name
 * becomes one word that the shell reads back unchanged, or null; then the line is not offered.
 */

/**
 * Control characters, line breaks and invisible characters: with them, the pasted text would not be the text that people
 * read.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Variation_Selector}\u115f\u1160\u3164\uffa0]/u
/** In characters. Nobody reads through a longer word before pasting it. */
const LONGEST = 200

/**
 * A path below the checkout, quoted. Null: it leads out of the checkout, belongs to git, looks like a secret, or is not
 * readable at a glance.
 */
export function safePath(path: string): string | null {
  const parts = path.replace(/\/+$/, '').split('/')
  const odd =
    path.length > LONGEST || UNSEEN.test(path) || parts.some((part) => part === '' || /^(?:\.{1,2}|\.git)$/i.test(part))
  if (odd || secretPath(path) || secretPath(`${path}/file`) || holdsSecret(path)) return null
  return shellWord(path.startsWith('-') ? `./${path}` : path)
}

/** The name of a variable. Null: it is not a valid name in a shell, or the name says that the value is a secret. */
export function safeVariable(name: string): string | null {
  if (name.length > LONGEST || !/^[A-Za-z_]\w*$/.test(name)) return null
  return isSecretName(name) || isOwnKeyVariable(name) ? null : name
}

/** What a package, a module or a program is called, as package managers write it. Null: anything else. */
export function safeName(name: string): string | null {
  const plain = /^(?!.*(?:^|\/)\.\.?(?:\/|$))@?\w[\w.+/@-]*$/.test(name)
  return plain && name.length <= LONGEST && !holdsSecret(name) ? name : null
}

function holdsSecret(text: string): boolean {
  return findSecrets(utf8Bytes(text)).length > 0
}
