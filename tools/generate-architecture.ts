/**
 * Writes the table of rooms in `docs/ARCHITECTURE.md`: what each room is for is the first line of its door, and what it may
 * import is the allow list that dependency-cruiser holds.
 *
 *     generate-architecture [--check]
 *
 * Exit 1: a room without a door, a door without a first line, or under --check a table that is out of date.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = resolve(fileURLToPath(import.meta.url), '../..')
const TARGET = join(ROOT, 'docs/ARCHITECTURE.md')
const [BEGIN, END] = ['<!-- rooms: made by npm run generate -->', '<!-- /rooms -->']
const { rooms } = createRequire(import.meta.url)(join(ROOT, '.rooms.cjs')) as {
  readonly rooms: Readonly<Record<string, readonly string[]>>
}
/** Rooms that have no door of their own. */
const WITHOUT_DOOR: Readonly<Record<string, string>> = {
  'src/commands': 'One file a verb: words become one call of the engine, its answer is printed, and the status is set.',
  'src/verify': 'The library `git-pp/verify`: the portable adapters under the flow that verifies.',
  'src/engine/index.ts': 'The front door: all that commands may import.',
  'src/engine/flows': 'The loops over ports; its rooms stand below.',
  'src/engine/core': 'Pure decisions; its rooms stand below.',
  'src/engine/ports': 'The interfaces between flows and adapters.',
  'src/engine/model': 'The nouns, as zod schemas.',
}

/** The first line of a door says what the room is for. */
function purpose(room: string): string {
  const known = WITHOUT_DOOR[room]
  if (known !== undefined) return known
  const door = join(ROOT, room, 'index.ts')
  const [, words] = (existsSync(door) ? /^\/\*\* (.+) \*\/\n/.exec(readFileSync(door, 'utf8')) : null) ?? []
  if (words === undefined)
    throw new Error(`${room}: its index.ts has to begin with one line that says what the room is for`)
  return words
}

function inside(room: string): readonly string[] {
  const folders = readdirSync(join(ROOT, room), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.map(({ name }) => `${room}/${name}`).sort()
}

function table(): string {
  const short = (room: string) => `\`${room.replace('src/engine/', '')}\``
  const rows = Object.entries(rooms).map(
    ([room, others]) => `| \`${room}\` | ${purpose(room)} | ${others.map(short).join(', ')} |`,
  )
  const smaller = ['src/engine/core', 'src/engine/flows'].flatMap((room) =>
    inside(room).map((one) => `| \`${one}\` | ${purpose(one)} |`),
  )
  return [
    '| room | what it is for | may import |\n|---|---|---|',
    ...rows,
    '\n| room of the core or of the flows | what it is for |\n|---|---|',
    ...smaller,
  ].join('\n')
}

const before = readFileSync(TARGET, 'utf8')
const [start, end] = [before.indexOf(BEGIN) + BEGIN.length, before.indexOf(END)]
const text = `${before.slice(0, start)}\n${table()}\n${before.slice(end)}`
if (!process.argv.includes('--check')) writeFileSync(TARGET, text)
else if (text !== before) {
  process.stderr.write('docs/ARCHITECTURE.md is out of date; run: npm run generate\n')
  process.exitCode = 1
}
