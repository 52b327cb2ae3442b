import test from 'ava'
import { importedFiles } from '../../../../src/engine/core/context/relations.ts'

const PRODUCT = [
  '.eslintrc',
  '.gitignore',
  'index.js',
  'example/parse.js',
  'lib/a.js',
  'src/pkg/core.py',
  'src/pkg/__init__.py',
]

test('a relative import of a directory is its index', (t) => {
  t.deepEqual(importedFiles("var parse = require('../');\n", 'test/all.js', PRODUCT), ['index.js'])
})

test('a relative import of a file is that file', (t) => {
  t.deepEqual(importedFiles("import { a } from '../lib/a.js'\n", 'test/a.test.js', PRODUCT), ['lib/a.js'])
})

test('a dotted module is found under its source directory, a package by its __init__', (t) => {
  t.deepEqual(importedFiles('from pkg.core import run\n', 'tests/test_core.py', PRODUCT), ['src/pkg/core.py'])
  t.deepEqual(importedFiles('import pkg\n', 'tests/test_core.py', PRODUCT), ['src/pkg/__init__.py'])
})

test('a line without a name imports nothing', (t) => {
  t.deepEqual(importedFiles('import {} from "."\n', 'test/deep/x.js', ['.eslintrc']), [])
})
