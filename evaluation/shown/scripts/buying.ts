import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BOUGHT } from '../../../test/helpers/bought/groups.ts'
import { environmentOf, layCase, provingOf } from '../../../test/helpers/bought/lay.ts'
import { type End, type Place, PYTEST, type Script, unlessProved } from './script.ts'

const CALC = 'def add(a, b):\n    return a - b\n\n\ndef double(a):\n    return a * 2\n'

/** Proves the change of a case of the tables. */
function bought(name: string): Script {
  const found = BOUGHT.flatMap(({ cases }) => cases).find((one) => one.name === name)
  if (found === undefined) throw new Error(`no case is called "${name}"`)
  return {
    name,
    ...(found.needs && { needs: found.needs }),
    async attack({ bed, pp }) {
      await layCase(bed.dir, found, bed.commit)
      return unlessProved(await pp(provingOf(found), environmentOf(found)))
    },
  }
}

/** Lets `run` have an answer that edits the check itself. */
async function proposed({ bed, pp }: Place, command: string, file: string, text: string): Promise<End> {
  await bed.write({ 'calc.py': CALC, [file]: text })
  await bed.commit('Base')
  const at = text.split('\n').findIndex((line) => line.includes('== 5')) + 1
  const line = text.split('\n')[at - 1] ?? ''
  const reply = join(bed.root, 'reply.diff')
  const hunk = `@@ -${at} +${at} @@\n-${line}\n+${line.replace('== 5', '== -1')}\n`
  await writeFile(reply, `--- a/${file}\n+++ b/${file}\n${hunk}`)
  const env = { PP_STUB_REPLY: reply, PP_LIMITS_MAX_ATTEMPTS: '1' }
  return unlessProved(await pp(['run', command, '--provider', 'stub', '--runs', '2'], env))
}

const BY_THEMSELVES =
  '.pnp.cjs .gdbinit .ycm_extra_conf.py AGENTS.md CLAUDE.md .cursorrules config.nims project/plugins.sbt buildSrc/src/main/kotlin/A.kt eslint.config.js hatch_build.py Setup.hs rust-toolchain.toml tools/bazel'

/** Attacks that want PROVED for what mends nothing. */
export const BUYING: readonly Script[] = [
  {
    name: 'a model edits the script that the command names',
    attack: (place) =>
      proposed(place, 'python3 check.py', 'check.py', 'from calc import add\n\nassert add(2, 3) == 5\n'),
  },
  {
    name: 'a model edits the file that the runner reports to hold the failing test',
    attack: (place) =>
      proposed(
        place,
        `${PYTEST} check_calc.py`,
        'check_calc.py',
        'from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n',
      ),
  },
  bought('the expectation of a doctest is changed'),
  bought('a test in a module of Rust is ignored'),
  bought('a separate command is told to ask for less: a test of pytest'),
  bought('go.mod replaces the module of assertions'),
  bought('code below vendor/ of Go is changed'),
  bought('a plugin that conftest.py names gives another fixture'),
  bought('a conftest.py is left for the next program of the command'),
  bought('data behind a link to its directory is changed'),
  {
    name: 'files that run by themselves come with a fix',
    async attack({ bed, pp }) {
      await bed.write({
        'calc.py': CALC,
        'test_calc.py': 'from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n',
      })
      await bed.commit('Base')
      await bed.write({ 'calc.py': CALC.replace('a - b', 'a + b') })
      await bed.write(Object.fromEntries(BY_THEMSELVES.split(' ').map((path) => [path, '#\n'])))
      await bed.commit('Change')
      return unlessProved(await pp(['prove', 'HEAD', PYTEST, '--runs', '2']))
    },
  },
  bought('nothing but data that the test reads is changed'),
]
