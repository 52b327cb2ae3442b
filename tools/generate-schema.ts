/**
 * Writes the JSON Schemas (draft 7, which editors read): docs/pp.schema.json of the policy file, docs/predicate.schema.json of
 * what an attestation says.
 *
 *     generate-schema [--check]
 *
 * Exit 0: written, or up to date under --check. Exit 1 under --check when one is out of date.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { PolicyFile } from '../src/engine/model/policy-file.ts'
import { Predicate } from '../src/engine/model/statement.ts'

const SCHEMAS: readonly (readonly [path: string, schema: z.ZodType])[] = [
  ['docs/pp.schema.json', PolicyFile],
  ['docs/predicate.schema.json', Predicate],
]
const root = resolve(fileURLToPath(import.meta.url), '../..')

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean' } } })
  const old = SCHEMAS.filter(([path, schema]) => !upToDate(path, schema, values.check === true))
  for (const [path] of old) process.stderr.write(`${path} is out of date; run: npm run generate\n`)
  return old.length > 0 ? 1 : 0
}

/** False: it is not, and was not to be written. */
function upToDate(path: string, schema: z.ZodType, check: boolean): boolean {
  const json = JSON.stringify(z.toJSONSchema(schema, { target: 'draft-7', io: 'input', reused: 'inline' }))
  const biome = join(root, 'node_modules/.bin/biome')
  const text = execFileSync(biome, ['format', `--stdin-file-path=${path}`], {
    input: json,
    encoding: 'utf8',
    cwd: root,
  })
  const target = join(root, path)
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return true
  if (!check) writeFileSync(target, text)
  return !check
}

process.exitCode = main()
