import test from 'ava'
import { treeSitter } from '../../../src/engine/evidence/syntax/tree-sitter.ts'
import type { CodeNode } from '../../../src/engine/model/code.ts'

const syntax = treeSitter()

/** The pieces of code in words, one inside of another. */
function words(node: CodeNode): string {
  const inside = node.children.map(words).filter((one) => one !== '')
  const all = inside.length === 0 ? '' : `(${inside.join(' ')})`
  return node.is === 'other' ? inside.join(' ') : `${node.is}${all}`
}

const SAMPLES: readonly (readonly [path: string, text: string, words: string])[] = [
  [
    'a.py',
    'def f(x):\n    if x == 3:\n        return "a"  # why\n',
    'function(name name block(if(binary(name number) block(return(string)))))',
  ],
  [
    'a.js',
    'try { f(1) } catch (e) { throw e } finally { n++ }',
    'try(block(statement(call(name number))) catch(name block(throw(name))) finally(block(statement(update(name)))))',
  ],
  ['a.ts', 'const t: Record<string, number> = { a: 1 }', 'assign(name list(entry(name number)))'],
  [
    'a.go',
    'package a\n\nfunc f() {\n\tos.Exit(0)\n}\n',
    'name function(name block(statement(call(member(name name) number))))',
  ],
  [
    'a.rs',
    '#[test]\nfn f() { match x { 1 => "a" } }',
    'mark(name) function(name block(statement(name case(number string))))',
  ],
]

for (const [path, text, expected] of SAMPLES)
  test(`the code of ${path} is told in words that all languages share`, async (t) => {
    const tree = await syntax.code(path, text)
    t.is(tree === null ? null : words(tree), expected)
  })

test('a piece of code knows its lines, its text, its part in the piece around it, and the operators in it', async (t) => {
  const tree = await syntax.code('a.py', '\nif x is not 3:\n    y = (1,\n         2)\n')
  const condition = tree?.children[0]?.children[0]
  t.deepEqual(condition && { ...condition, children: [], parent: null }, {
    ...{ is: 'binary', role: 'condition', line: 2, end: 2, text: 'x is not 3' },
    ...{ operators: ['is not'], children: [], parent: null },
  })
  t.is(condition?.parent, tree?.children[0])
  const assign = tree?.children[0]?.children[1]?.children[0]?.children[0]
  t.deepEqual([assign?.line, assign?.end], [3, 4])
})

test('code of other languages, and text in none, is not understood', async (t) => {
  t.is(await syntax.code('a.php', '<?php f();'), null)
  t.is(await syntax.code('a.txt', 'f()'), null)
})

test('code that cannot be parsed is read as far as it goes', async (t) => {
  const tree = await syntax.code('a.py', 'def f(:\n  x ===== 3\n\0')
  t.truthy(tree)
})
