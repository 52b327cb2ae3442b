import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { grammarLicences } from './grammars.ts'

/** Name, version and licence text of every package of which something is in `dist`, and of every grammar. */
export function licences(top: string, folders: readonly string[]): string {
  const grammars = grammarLicences().map(([name, text]) => entry(name, text))
  return [...folders.map((folder) => licence(top, folder)), ...grammars].join('\n')
}

function licence(top: string, folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(top, folder, 'package.json'), 'utf8'))
  const file = readdirSync(join(top, folder)).find((one) => /^(licen[cs]e|copying)(\.|$)/i.test(one))
  const text = file === undefined ? '' : readFileSync(join(top, folder, file), 'utf8').trim()
  if (text === '' && typeof license !== 'string') throw new Error(`${folder} says nowhere what its licence is`)
  return entry(`${name} ${version} (${license})`, text)
}

function entry(title: string, text: string): string {
  return `${title}\n\n${text}\n\n${'-'.repeat(72)}\n`
}
