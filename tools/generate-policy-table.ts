import { flagName, gitConfigName, policySettings, variableName } from '../src/engine/core/policy/policy-settings.ts'
import { between, put } from './generated.ts'

/** Writes the table of policy keys in docs/reference.md from the schema; `--check` only says whether it is up to date. */
const PAGE = 'docs/reference.md'
const code = (name: string | null) => (name === null ? '' : `\`${name}\``)
const rows = policySettings().map((setting) => {
  const fallback = setting.default === undefined ? 'none' : code(JSON.stringify(setting.default))
  const names = [gitConfigName(setting.key), variableName(setting), flagName(setting.key)].map(code)
  return `| ${[code(setting.key), setting.description, fallback, ...names].join(' | ')} |`
})
const head = '| key | says | default | git config | variable | option |\n|---|---|---|---|---|---|'
const table = `${head}\n${rows.join('\n')}`
put(PAGE, between(PAGE, '<!-- policy keys: generated -->', '<!-- end of policy keys -->', table))
