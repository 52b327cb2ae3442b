import test from 'ava'
import { lookedAtByCommand } from '../../../../src/engine/core/found-judges/index.ts'

const PATHS = ['state.txt', 'a/want.json', 'main.py', 'tests.sh']
const found = (shell: string) => [...lookedAtByCommand([{ name: 'unit', command: { shell }, cwd: '' }], PATHS)]

test('files that the words of a command look at', (t) => {
  t.deepEqual(found('grep -q good state.txt'), ['state.txt'])
  t.deepEqual(found('test "$(jq .x a/want.json)" = 1'), ['a/want.json'])
  t.deepEqual(found('while [ ! -e go ]; do sleep 0.1; done; grep -q good state.txt'), ['state.txt'])
  t.deepEqual(found("sh -c 'cat state.txt | grep good'"), ['state.txt'])
  t.deepEqual(found('set -e; :; grep -q good state.txt'), ['state.txt'])
  t.deepEqual(found('grep -q good state.txt && exec sleep 3'), ['state.txt'])
  t.deepEqual(found('timeout 5 env LC_ALL=C grep -q good state.txt'), ['state.txt'])
  t.deepEqual(found('grep -q good state.txt && ! env | grep -q ^GIT_'), ['state.txt'])
  t.deepEqual(found('read x <state.txt; test "$x" = 3'), ['state.txt'])
})

test('files that are run or given to another program are not looked at by the command', (t) => {
  t.deepEqual(found('python3 main.py state.txt'), [])
  t.deepEqual(found('sh tests.sh'), [])
  t.deepEqual(found('timeout 5 python3 main.py state.txt'), [])
  t.deepEqual(found('npm test && grep -q good state.txt'), [])
  t.deepEqual(found('exec python3 main.py <state.txt'), [])
  t.deepEqual(found('diff state.txt a/want.json'), [])
  t.deepEqual(found('[ -s state.txt ] && python3 main.py'), [])
  t.deepEqual(found('test "$(cat state.txt)" = "$(python3 main.py)"'), [])
})
