/**
 * Writes docs/pp.schema.json, the JSON Schema (draft 7, which editors read) of the policy file.
 *
 *     generate-schema [--check]
 *
 * Exit 0: written, or up to date under --check. Exit 1 under --check when it is out of date.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { PolicyFile } from '../src/engine/model/policy-file.ts'

const PATH = 'docs/pp.schema.json'

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean' } } })
  const root = resolve(fileURLToPath(import.meta.url), '../..')
  const schema = JSON.stringify(z.toJSONSchema(PolicyFile, { target: 'draft-7', io: 'input', reused: 'inline' }))
  const biome = join(root, 'node_modules/.bin/biome')
  const text = execFileSync(biome, ['format', `--stdin-file-path=${PATH}`], {
    input: schema,
    encoding: 'utf8',
    cwd: root,
  })
  const target = join(root, PATH)
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return 0
  if (values.check) {
    process.stderr.write(`${PATH} is out of date; run: npm run generate\n`)
    return 1
  }
  writeFileSync(target, text)
  return 0
}

process.exitCode = main()
