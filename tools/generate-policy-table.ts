import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { flagName, gitConfigName, settings, variableName } from '../src/engine/core/policy/settings.ts'

/** Writes the table of policy keys in docs/reference.md from the schema; `--check` only says whether it is up to date. */
const file = join(import.meta.dirname, '..', 'docs', 'reference.md')
const [open, close] = ['<!-- policy keys: generated -->', '<!-- end of policy keys -->']
const text = readFileSync(file, 'utf8')
const [start, end] = [text.indexOf(open), text.indexOf(close)]
if (start < 0 || end < start) throw new Error(`docs/reference.md lacks the marks ${open} and ${close}`)

const code = (name: string | null) => (name === null ? '' : `\`${name}\``)
const rows = settings().map((setting) => {
  const fallback = setting.default === undefined ? 'none' : code(JSON.stringify(setting.default))
  const names = [gitConfigName(setting.key), variableName(setting), flagName(setting.key)].map(code)
  return `| ${[code(setting.key), setting.description, fallback, ...names].join(' | ')} |`
})
const head = '| key | says | default | git config | variable | option |\n|---|---|---|---|---|---|'
const wanted = `${text.slice(0, start)}${open}\n${head}\n${rows.join('\n')}\n${text.slice(end)}`

if (!process.argv.includes('--check')) writeFileSync(file, wanted)
else if (wanted !== text) {
  process.stderr.write('docs/reference.md: the table of policy keys is out of date; run npm run generate\n')
  process.exitCode = 1
}
