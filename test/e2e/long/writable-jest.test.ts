import type { Case } from '../../helpers/bought/case.ts'
import { layCase } from '../../helpers/bought/lay.ts'
import { where } from '../../helpers/needs.ts'
import { pp } from '../../helpers/pp.ts'
import { tempRepo } from '../../helpers/repo.ts'
import { golden } from '../../helpers/writing/node.ts'
import { installedRunners, linkModules } from '../../helpers/writing/packages.ts'

const jest = await installedRunners()

const command = 'npx jest'
const base = { '.gitignore': 'node_modules\n', 'package.json': '{"private": true}' }
const BUGGY = 'exports.add = (a, b) => a - b\n'

const CASES: readonly Case[] = [
  ...golden(command, '', base),
  {
    name: 'jest -u: a snapshot that no test asks for any more is taken out of a tracked file',
    base: {
      ...{ ...base, 'calc.py': null, 'test_calc.py': null, 'calc.js': BUGGY },
      'calc.test.js':
        "const { add } = require('./calc')\ntest('adds', () => expect(add(2, 3)).toBe(5))\ntest('shows', () => expect({ a: 1 }).toMatchSnapshot())\n",
      '__snapshots__/calc.test.js.snap':
        '// Jest Snapshot v1, https://goo.gl/fbAQLP\n\nexports[`gone 1`] = `1`;\n\nexports[`shows 1`] = `\n{\n  "a": 1,\n}\n`;\n',
    },
    change: { 'calc.js': 'exports.add = (a, b) => a + b\n' },
    command: `${command} -u`,
    verdict: 'PROVED',
  },
]

for (const one of CASES)
  where(typeof jest !== 'string', String(jest))(`${one.name}: ${one.verdict}`, async (t) => {
    if (typeof jest === 'string') return t.fail(jest)
    const repo = await tempRepo(t, {})
    await linkModules(jest.modules, repo.dir)
    await layCase(repo.dir, one, repo.commit)
    const { json } = await pp(repo, ['prove', 'HEAD', one.command ?? command, '--runs', '1', '--json'])
    t.is(json.verdict, one.verdict, `${json.reason} ${JSON.stringify(json['runs'])}`)
    t.true(json.reason?.includes(one.because ?? ''), json.reason)
    t.notRegex(JSON.stringify(json['failures']), /read-only|EROFS/i)
  })
