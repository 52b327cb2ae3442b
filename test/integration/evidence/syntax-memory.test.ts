import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import test from 'ava'
import { treeSitter } from '../../../src/engine/evidence/syntax/tree-sitter.ts'

// In a process of its own: the library begins once, and what goes wrong in its memory ends the process.
test('languages that come at the same time share one memory, and what is left of them can be collected', async (t) => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const text = 'def f():\n    return 1\n'.repeat(2000)
  for (let turn = 0; turn < 3; turn++) {
    const syntax = treeSitter()
    const found = await Promise.all(['a.py', 'a.go', 'a.js', 'a.rb'].map((path) => syntax.functions(path, text)))
    t.is(found[0]?.length, 2000)
    collect()
    await setTimeout(20)
  }
})
