import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  allValues,
  dotenvSecrets,
  isWeakSecret,
  redactor,
  type SecretValue,
  secretsInVariables,
} from '../core/redact/index.ts'
import type { SessionBase } from '../flows/session/index.ts'
import type { Repository } from '../git/index.ts'
import { PpError } from '../model/error.ts'
import type { SessionSecrets } from '../model/redactor.ts'
import type { IncludedDependency } from '../ports/workspace.ts'

const DOTENV_LIMIT = 1 << 20

/** Those of some values that are words of the tracked files. */
export type TrackedWords = (values: readonly string[]) => Promise<ReadonlySet<string>>

/**
 * The tracked words of a base. Uncommitted work is not asked: what stands only in there may be a secret that was just pasted.
 */
export function trackedWords(repository: Repository, { commit, tree, snapshot }: SessionBase): TrackedWords {
  return async (values) => {
    if (!snapshot) return repository.wordsIn(tree, values)
    const [parent] = (await repository.history.commit(commit)).parents
    return parent === undefined ? new Set() : repository.wordsIn((await repository.history.commit(parent)).tree, values)
  }
}

/**
 * Hides secrets: variables of the caller with secret names, variables that only setup sees, values of included dotenv files,
 * and known patterns. Values that are words of the tracked files are hidden only after their names.
 */
export async function redactorOf(
  env: Readonly<Record<string, string | undefined>>,
  includes: readonly IncludedDependency[],
  setupEnv: readonly string[],
  words: TrackedWords,
): Promise<SessionSecrets> {
  const dotenv = includes.filter(({ path, directory }) => !directory && /^\.env(\.|$)/.test(basename(path)))
  const read = await Promise.all(dotenv.map(({ source }) => valuesOf(source)))
  const secrets = [...secretsInVariables(env), ...allValues(env, setupEnv), ...read.flat()]
  return redactor({ secrets, words: await wordsAmong(secrets, words) })
}

/**
 * What a push may know of secrets: the variables of the caller. `bases`: those of the proofs to push; only a value that is a word
 * of all of them is taken for harmless.
 */
export async function secretsOfPush(
  env: Readonly<Record<string, string | undefined>>,
  repository: Repository,
  bases: readonly SessionBase[],
): Promise<SessionSecrets> {
  const secrets = secretsInVariables(env)
  let words: ReadonlySet<string> | null = null
  for (const base of new Map(bases.map((one) => [one.tree, one])).values()) {
    const found = await wordsAmong(secrets, trackedWords(repository, base)).catch(noneIfMissing)
    words = new Set([...found].filter((word) => words === null || words.has(word)))
    if (words.size === 0) break
  }
  return redactor({ secrets, words: words ?? new Set() })
}

/** The base of a proof that was fetched may not be here. */
function noneIfMissing(error: unknown): ReadonlySet<string> {
  if (error instanceof PpError && error.code === 'OBJECT_MISSING') return new Set()
  throw error
}

/** The values of secrets that are words of the tracked files; those that are weak anyway are not looked for. */
export function wordsAmong(secrets: readonly SecretValue[], words: TrackedWords): Promise<ReadonlySet<string>> {
  const values = secrets.flatMap((one) => (isWeakSecret(one) ? [] : [one.value.trim()]))
  return words([...new Set(values)])
}

async function valuesOf(source: string): Promise<SecretValue[]> {
  const facts = await stat(source)
  if (!facts.isFile() || facts.size > DOTENV_LIMIT) return []
  return dotenvSecrets(await readFile(source, 'utf8'))
}
