import test from 'ava'
import { commandOf } from '../../../evaluation/real/command.ts'

test('files are named in the command, quoted where a shell needs it', (t) => {
  t.is(commandOf('pytest -q {files}', ['tests/a.py', 'tests/b c.py']), "pytest -q tests/a.py 'tests/b c.py'")
})

test('directories are named once, the top as ./', (t) => {
  t.is(commandOf('go test {dirs}', ['a_test.go', 'b_test.go', 'sub/c_test.go']), 'go test ./ ./sub')
})

test('a flag is given for each name without its ending', (t) => {
  t.is(commandOf('cargo test {flags:--test}', ['tests/one.rs', 'tests/two.rs']), 'cargo test --test one --test two')
})

test('a template without a place is the command', (t) => {
  t.is(commandOf('make -s {x} test', ['a']), 'make -s {x} test')
})
