import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { allValues, dotenvSecrets, redactor, type SecretValue, secretsInVariables } from '../core/redact/index.ts'
import type { SecretRedactor } from '../model/redactor.ts'
import type { IncludedDependency } from '../ports/workspace.ts'

const DOTENV_LIMIT = 1 << 20

/**
 * Hides secrets: variables of the caller with secret names, variables that only setup sees, values of included dotenv files,
 * and known patterns.
 */
export async function redactorOf(
  env: Readonly<Record<string, string | undefined>>,
  includes: readonly IncludedDependency[],
  setupEnv: readonly string[],
): Promise<SecretRedactor> {
  const dotenv = includes.filter(({ path, directory }) => !directory && /^\.env(\.|$)/.test(basename(path)))
  const read = await Promise.all(dotenv.map(({ source }) => valuesOf(source)))
  return redactor({ secrets: [...secretsInVariables(env), ...allValues(env, setupEnv), ...read.flat()] })
}

async function valuesOf(source: string): Promise<SecretValue[]> {
  const facts = await stat(source)
  if (!facts.isFile() || facts.size > DOTENV_LIMIT) return []
  return dotenvSecrets(await readFile(source, 'utf8'))
}
