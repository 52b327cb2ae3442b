/**
 * Writes the JSON Schemas (draft 7, which editors read): docs/pp.schema.json of the policy file, docs/predicate.schema.json of
 * what an attestation says, docs/json.schema.json of what every verb answers under --json.
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
import { ANSWERS, Failure, SHARED } from '../src/engine/model/answers.ts'
import { PolicyFile } from '../src/engine/model/policy-file.ts'
import { Predicate } from '../src/engine/model/statement.ts'

const DRAFT = { target: 'draft-7', reused: 'inline' } as const
const SCHEMAS: readonly (readonly [path: string, schema: object])[] = [
  ['docs/pp.schema.json', z.toJSONSchema(PolicyFile, { ...DRAFT, io: 'input' })],
  ['docs/predicate.schema.json', z.toJSONSchema(Predicate, { ...DRAFT, io: 'input' })],
  ['docs/json.schema.json', answers()],
]
const root = resolve(fileURLToPath(import.meta.url), '../..')

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean' } } })
  const old = SCHEMAS.filter(([path, schema]) => !upToDate(path, schema, values.check === true))
  for (const [path] of old) process.stderr.write(`${path} is out of date; run: npm run generate\n`)
  return old.length > 0 ? 1 : 0
}

/** One definition for each verb, one for errors. Readers are to accept keys that they do not know, so the schema does. */
function answers(): object {
  const known = z.registry<{ id: string }>()
  const verbs = { ...ANSWERS, error: Failure }
  for (const [id, schema] of Object.entries({ ...verbs, ...SHARED })) known.add(schema, { id })
  const { schemas } = z.toJSONSchema(known, {
    ...DRAFT,
    io: 'output',
    uri: (id) => `#/definitions/${id}`,
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  })
  const definitions = Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema] as const)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'What git pp prints under --json: a definition for each verb, one for errors',
    anyOf: Object.keys(verbs).map((id) => ({ $ref: `#/definitions/${id}` })),
    definitions: Object.fromEntries(definitions),
  }
}

/** False: it is not, and was not to be written. */
function upToDate(path: string, schema: object, check: boolean): boolean {
  const biome = join(root, 'node_modules/.bin/biome')
  const text = execFileSync(biome, ['format', `--stdin-file-path=${path}`], {
    input: JSON.stringify(schema),
    encoding: 'utf8',
    cwd: root,
  })
  const target = join(root, path)
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return true
  if (!check) writeFileSync(target, text)
  return !check
}

process.exitCode = main()
