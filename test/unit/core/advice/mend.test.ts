import { execFileSync } from 'node:child_process'
import test from 'ava'
import { safeName, safePath, safeVariable } from '../../../../src/engine/core/advice/mend.ts'

const read = (word: string) => execFileSync('sh', ['-c', `printf %s ${word}`], { encoding: 'utf8' })

test('a path of the checkout comes back from a shell as it was, whatever it is called', (t) => {
  for (const path of [
    'p/_version.py',
    'my libs/a.js',
    "it's",
    'a;rm -rf x',
    '$(id)',
    '`id`',
    'a"b',
    '=ls',
    '~',
    'ü/é',
    'a*',
  ])
    t.is(read(safePath(path) ?? ''), path)
  t.is(safePath('p/_version.py'), 'p/_version.py', 'no quotes where none are needed')
})

test('a path that begins with a dash is no option', (t) => {
  t.is(safePath('-x'), './-x')
})

test('a path that leads out, is absolute or is in a git directory is not proposed', (t) => {
  for (const path of ['', '..', '../up', 'a/../../b', 'a/..', '/etc/passwd', './a', 'a//b', '.git/config', 'sub/.GIT'])
    t.is(safePath(path), null, path)
})

test('a path that holds secrets by its name, or a secret in its name, is not proposed', (t) => {
  const token = `ghp_${'a1B2'.repeat(10)}`
  for (const path of [
    '.env',
    'a/.env.local',
    '.ssh',
    '.ssh/',
    'conf/secrets',
    '.aws/config',
    'id_rsa',
    'key.pem',
    `x/${token}`,
  ])
    t.is(safePath(path), null, path)
  t.is(safePath('src/secrets.py'), 'src/secrets.py', 'source code is about secrets and holds none')
})

test('a path that a reader would not see as it is is not proposed', (t) => {
  for (const path of ['a\nrm -rf ~', 'a\rb', 'a\x1b[2K', 'a\u202eb', 'a\u200bb', 'a'.repeat(201)])
    t.is(safePath(path), null, JSON.stringify(path))
})

test('a variable is proposed by its name, unless it says that its value is a secret', (t) => {
  for (const name of ['DATABASE_URL', 'RUST_BACKTRACE', '_x1']) t.is(safeVariable(name), name)
  for (const name of [
    'NPM_TOKEN',
    'DB_PASSWORD',
    'PP_OPENAI_API_KEY',
    'X; id',
    'A=b',
    '1A',
    'BASH_FUNC_x%%',
    '',
    'A\n',
  ])
    t.is(safeVariable(name), null, name)
})

test('names of packages and programs are proposed as they are, and nothing else that a test prints', (t) => {
  for (const name of ['requests', '@scope/name', 'github.com/a/b-c', 'g++', 'pkg_1.2', 'python3.11'])
    t.is(safeName(name), name)
  for (const name of ['x; rm -rf ~', '-x', '../x', 'a/../b', '$(id)', 'a b', 'a\nb', '', '@', 'x'.repeat(201)])
    t.is(safeName(name), null, name)
})
