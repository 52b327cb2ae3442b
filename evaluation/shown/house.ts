import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { parseArgs } from 'node:util'
import ts from 'typescript'
import { repeatedTypes } from '../../tools/check-names.ts'

/**
 * Prints figures about the structure of the sources: how long files are, by how many of its files each room is entered from other
 * rooms and how many names they use of it, which type names are declared twice, and how many tests of the flows need no git.
 * usage: npx tsx evaluation/shown/house.ts [--root DIR]; DIR: another checkout, to compare with.
 */
const { values } = parseArgs({ options: { root: { type: 'string', default: join(import.meta.dirname, '..', '..') } } })
const SOURCES = join(values.root, 'src')

interface Source {
  readonly file: string
  readonly text: string
  readonly tree: ts.SourceFile
}

function sourcesOf(folder: string): readonly Source[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      return { file: join(folder, file), text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) }
    })
}

/** A room is a folder with sources in it; plugs that a generated index lists belong to their room. */
const roomOf = (file: string): string => relative(SOURCES, dirname(file))

const all = sourcesOf(SOURCES)
const lengths = all.map(({ text }) => text.split('\n').length - 1).sort((a, b) => a - b)
const at = (share: number) => lengths[Math.min(lengths.length - 1, Math.floor(lengths.length * share))] ?? 0
const sum = lengths.reduce((total, one) => total + one, 0)
console.log(`* ${all.length} files, ${sum} lines; median ${at(0.5)}, nine of ten up to ${at(0.9)}, longest ${at(1)}`)

/** Room → file of it → names of it that other rooms import. */
const entered = new Map<string, Map<string, Set<string>>>()
for (const { file, tree } of all)
  for (const node of tree.statements) {
    const from = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined
    if (!from || !ts.isStringLiteral(from) || !from.text.startsWith('.')) continue
    const target = normalize(join(dirname(file), from.text))
    const room = roomOf(target)
    if (room === roomOf(file) || room.startsWith(`${roomOf(file)}/`) || roomOf(file).startsWith(`${room}/`)) continue
    const files = entered.get(room) ?? new Map<string, Set<string>>()
    const names = files.get(target) ?? new Set<string>()
    for (const name of namesOf(node)) names.add(name)
    entered.set(room, files.set(target, names))
  }

function namesOf(node: ts.Statement): readonly string[] {
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : undefined
  return bindings && ts.isNamedImports(bindings)
    ? bindings.elements.map((one) => (one.propertyName ?? one.name).text)
    : []
}

const inRoom = (room: string) => all.filter(({ file }) => roomOf(file) === room).length
const kinds = ['engine/core/', 'engine/flows/', 'engine/git', 'engine/sandboxes', 'engine/evidence', 'engine/platform']
const rows = [...entered]
  .filter(([room]) => kinds.some((kind) => room.startsWith(kind)))
  .map(([room, files]) => ({
    room,
    doors: files.size,
    of: inRoom(room),
    names: [...files.values()].reduce((n, one) => n + one.size, 0),
  }))
  .sort((a, b) => b.doors - a.doors || a.room.localeCompare(b.room))
console.log(
  `* ${rows.filter(({ doors }) => doors === 1).length} of ${rows.length} rooms of core, flows and adapters are entered by one file`,
)
console.log('\n| room | entered by files | of | names used from outside |\n|---|---|---|---|')
for (const { room, doors, of, names } of rows) console.log(`| ${room} | ${doors} | ${of} | ${names} |`)

const repeated = repeatedTypes(new Map(all.map(({ file, text }) => [file, text])))
console.log(`\n* type names declared in two files: ${repeated.length}`)

const flows = ['test/unit/flows', 'test/unit/wire', 'test/unit/engine/flows'].flatMap((folder) =>
  sourcesOf(join(values.root, folder)),
)
const tests = flows
  .filter(({ file, text }) => file.endsWith('.test.ts') && !/helpers\/(?:repo|pp|proof|both)\.ts/.test(text))
  .reduce((count, { text }) => count + (text.match(/^\s*test\(/gm)?.length ?? 0), 0)
console.log(`* tests of the flows without git: ${tests}`)
