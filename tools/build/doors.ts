import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'

/** A list of names in braces and the file that it is from, as the formatter writes it on one or on several lines. */
const LIST = /^(import|export) \{([^}]*)\} from '(\.[^']*\/index\.ts)'$/gm

/**
 * Imports through the door of a room become imports of the files behind it. A bundler reads a door as a whole, so without
 * this, a verb that needs one function of a room would load the whole room, and all that the room needs.
 */
export function throughDoors(source: string): Plugin {
  return {
    name: 'through doors',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!path.startsWith(`${source}/`)) return null
        return { contents: withoutDoors(readFileSync(path, 'utf8'), dirname(path)), loader: 'ts' }
      })
    },
  }
}

function withoutDoors(text: string, folder: string): string {
  return text.replace(LIST, (_all, verb: string, list: string, door: string) =>
    names(list)
      .map(({ type, name, as }) => {
        if (type) return `${verb} type { ${name} as ${as} } from '${door}'`
        const behind = behindDoor(join(folder, door), name)
        return `${verb} { ${behind.name} as ${as} } from '${behind.file}'`
      })
      .join(';'),
  )
}

interface Listed {
  readonly type: boolean
  readonly name: string
  readonly as: string
}

function names(list: string): readonly Listed[] {
  return list.split(',').flatMap((part) => {
    const [, type, name = '', as = name] = /^(type )?(\w+)(?: as (\w+))?$/.exec(part.trim()) ?? []
    return name === '' ? [] : [{ type: type !== undefined, name, as }]
  })
}

/** The file in which a name of a door is made; the door itself, if it is made there. */
function behindDoor(door: string, name: string): { readonly file: string; readonly name: string } {
  for (const [, verb, list = '', from = ''] of readFileSync(door, 'utf8').matchAll(
    /^(import|export) \{([^}]*)\} from '([^']*)'$/gm,
  )) {
    const listed = names(list).find(({ as }) => verb === 'export' && as === name)
    if (listed === undefined) continue
    const file = join(dirname(door), from)
    return file.endsWith('/index.ts') ? behindDoor(file, listed.name) : { file, name: listed.name }
  }
  return { file: door, name }
}
