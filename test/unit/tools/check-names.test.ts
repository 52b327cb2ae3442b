import test from 'ava'
import { repeatedTypes } from '../../../tools/check-names.ts'

test('a type name that two files declare is told with both files', (t) => {
  const files = new Map([
    ['src/b.ts', 'interface Plan { a: string }'],
    ['src/a.ts', 'export type Plan = string\nexport class Other {}'],
  ])
  t.deepEqual(repeatedTypes(files), ['Plan is declared in src/a.ts and src/b.ts'])
})

test('a name that one file declares twice, an import and a local type are no repetition', (t) => {
  const files = new Map([
    [
      'src/a.ts',
      'export const Plan = 1\nexport type Plan = typeof Plan\nexport interface Box { a: 1 }\ninterface Box { b: 2 }',
    ],
    [
      'src/b.ts',
      "import type { Plan } from './a.ts'\nexport { type Plan } from './a.ts'\nfunction f() { type Box = 1 }",
    ],
  ])
  t.deepEqual(repeatedTypes(files), [])
})
