import test from 'ava'
import type { GitConfig } from '../../../src/engine/git/config.ts'
import { parseList, parsePush } from '../../../src/engine/git/remote.ts'
import { defaultRemote, remoteTargetOf, withoutUser } from '../../../src/engine/git/remote-target.ts'

const config = (values: Readonly<Record<string, string>>): GitConfig =>
  new Map(Object.entries(values).map(([key, value]) => [key, [{ value, scope: 'local' as const }]]))

test('a push goes where git would push: of the branch, the default, the only one, origin', (t) => {
  const two = { 'remote.origin.url': 'u', 'remote.fork.url': 'v' }
  t.is(defaultRemote(config(two), 'main', 'push'), 'origin')
  t.is(defaultRemote(config({ 'remote.only.url': 'u' }), null, 'push'), 'only')
  t.is(defaultRemote(config({ ...two, 'branch.main.remote': 'fork' }), 'main', 'fetch'), 'fork')
  t.is(defaultRemote(config({ ...two, 'branch.main.remote': '.' }), 'main', 'fetch'), 'origin')
  t.is(defaultRemote(config({ ...two, 'remote.pushdefault': 'fork' }), 'main', 'push'), 'fork')
  t.is(defaultRemote(config({ ...two, 'remote.pushdefault': 'fork' }), 'main', 'fetch'), 'origin')
  const both = { ...two, 'remote.pushdefault': 'fork', 'branch.main.pushremote': 'origin' }
  t.is(defaultRemote(config(both), 'main', 'push'), 'origin')
  t.is(defaultRemote(config({}), 'main', 'push'), null)
})

test('what is fetched from a URL is filed under a name that git takes and that holds no password', (t) => {
  const name = (word: string) => remoteTargetOf(config({}), word, '/home/u/repo').name
  t.regex(name('https://me:secret@example.com/team/repo.git'), /^example-com-team-repo-[0-9a-f]{8}$/)
  t.is(name('https://me:secret@example.com/r'), name('https://example.com/r'))
  t.regex(name('git@host:a/b..c~1.lock'), /^[A-Za-z0-9-]+-[0-9a-f]{8}$/)
  t.is(name('../other'), name('/home/u/other'))
  t.not(name('https://example.com/a-b'), name('https://example.com/a/b'))
})

test('a configured remote keeps its name, also where its URL is given', (t) => {
  const known = config({ 'remote.team/up.url': 'https://example.com/r', 'remote.a..b.url': 'x:y' })
  t.is(remoteTargetOf(known, 'team/up', '/').name, 'team/up')
  t.is(remoteTargetOf(known, 'https://example.com/r', '/').word, 'team/up')
  t.regex(remoteTargetOf(known, 'a..b', '/').name, /^a-b-[0-9a-f]{8}$/)
})

test('a word that is neither a remote nor a URL is refused, and an option is none', (t) => {
  for (const word of ['nowhere', '--upload-pack=touch x', '-x:y']) {
    t.throws(() => remoteTargetOf(config({ 'remote.origin.url': 'u' }), word, '/'), {
      message: /there is no remote .*known: origin/,
    })
  }
})

test('words of git are shown without user and password', (t) => {
  t.is(withoutUser("fatal: unable to access 'https://u:p@h/x': 401"), "fatal: unable to access 'https://h/x': 401")
})

test('lists of refs are read line by line, and what is no ref is left out', (t) => {
  const oid = 'a'.repeat(40)
  const list = parseList(`${oid}\trefs/heads/main\n${oid}\t--output=x\nnonsense\n${oid}\trefs/a b\n${oid}\tHEAD\n`)
  t.deepEqual([...list], [['refs/heads/main', oid]])
})

test('a push is read by the flags of its porcelain', (t) => {
  const said = 'To ../o.git\n \taa:refs/x\tb..a\n!\tbb:refs/notes/pp/index\t[rejected] (fetch first)\nDone\n'
  t.deepEqual(parsePush(said), [{ ref: 'refs/notes/pp/index', why: '[rejected] (fetch first)' }])
})
