import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { mergePolicy } from '../../../../src/engine/core/policy/merge-policy.ts'
import { gitConfigName, policySettings, variableName } from '../../../../src/engine/core/policy/policy-settings.ts'
import { PolicyFile } from '../../../../src/engine/model/policy-file.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

test('the published schema is the one in force', (t) => {
  const script = spawnSync(process.execPath, ['--import=tsx', 'tools/generate-schema.ts', '--check'], { cwd: root })
  t.is(script.status, 0, script.stderr.toString())
})

test('the schema knows every key, and no other', (t) => {
  const schema = JSON.parse(readFileSync(`${root}/docs/pp.schema.json`, 'utf8'))
  t.false(schema.additionalProperties)
  for (const { key } of policySettings()) {
    let node = schema
    for (const step of key.split('.')) node = node?.properties[step]
    t.truthy(node, key)
  }
})

test('the defaults that the schema tells are those of the engine', (t) => {
  const told: Record<string, unknown> = {}
  for (const setting of policySettings()) {
    if (setting.default === undefined) continue
    const steps = setting.key.split('.')
    let into = told
    for (const step of steps.slice(0, -1)) {
      into[step] ??= {}
      into = into[step] as Record<string, unknown>
    }
    into[steps.at(-1) ?? ''] = setting.default
  }
  const spoken = mergePolicy([{ from: 'flag', root: '', values: PolicyFile.parse(told) }], { limits: 'default' })
  const silent = mergePolicy([], { limits: 'default' })
  const { sources: _, writeAllowlist: spokenList, ...spokenRest } = spoken
  const { sources: __, writeAllowlist: silentList, ...silentRest } = silent
  t.deepEqual(spokenRest, silentRest)
  t.is(spokenList[0]?.[0]?.pattern, silentList[0]?.[0]?.pattern)
})

test('every key is described, and no two have the same name in git config or the environment', (t) => {
  for (const { key, description } of policySettings()) t.true(description.length > 0, key)
  for (const names of [
    policySettings().map(({ key }) => gitConfigName(key)?.toLowerCase()),
    policySettings().map(variableName),
  ]) {
    const given = names.filter((name) => name !== null && name !== undefined)
    t.is(new Set(given).size, given.length)
  }
})
