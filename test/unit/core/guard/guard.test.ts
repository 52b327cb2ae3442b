import test from 'ava'
import { guardChange, type NestedPolicy } from '../../../../src/engine/core/guard/guard.ts'
import { mergePolicy } from '../../../../src/engine/core/policy/merge-policy.ts'
import { parsePolicy } from '../../../../src/engine/core/policy/parse-policy.ts'
import type { Change, FileMode, TreeEntry } from '../../../../src/engine/model/change.ts'
import type { Refusal } from '../../../../src/engine/model/proposal.ts'

const OLD = 'a'.repeat(40)
const NEW = 'b'.repeat(40)
type End = Change['after']
const end = (mode: FileMode, oid = NEW): End => ({ mode, oid })
const added = (path: string, mode: FileMode = '100644'): Change => ({ path, before: null, after: end(mode) })
const edited = (path: string, before: FileMode = '100644', after: FileMode = before): Change => ({
  path,
  before: end(before, OLD),
  after: end(after),
})
const removed = (path: string, mode: FileMode = '100644'): Change => ({ path, before: end(mode, OLD), after: null })
const tree = (...paths: readonly string[]): TreeEntry[] => paths.map((path) => ({ path, mode: '100644', oid: OLD }))
const link = (path: string, mode: FileMode = '120000'): TreeEntry => ({ path, mode, oid: OLD })

function policy(text = '', file = 'pp.yaml', root = '') {
  const parsed = parsePolicy(text, { file, format: 'yaml' })
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
  const layer = {
    from: 'file',
    values: parsed.value,
    root,
    file: { path: file, commit: null, blob: null },
    lines: parsed.lines,
  } as const
  return mergePolicy([layer], { limits: 'default' })
}

interface Setting {
  readonly policy?: ReturnType<typeof policy>
  readonly base?: readonly TreeEntry[]
  readonly old?: string | Uint8Array
  readonly new?: string | Uint8Array
  readonly patchBytes?: number
  readonly spentPatchBytes?: number
  readonly nearer?: readonly NestedPolicy[]
}
const bytes = (content: string | Uint8Array) =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content
function judge(changes: readonly Change[], setting: Setting = {}): readonly Refusal[] {
  return guardChange({
    changes,
    base: setting.base ?? [],
    blobs: new Map([
      [OLD, bytes(setting.old ?? 'old\n')],
      [NEW, bytes(setting.new ?? 'new\n')],
    ]),
    policy: setting.policy ?? policy(),
    patchBytes: setting.patchBytes ?? 100,
    spentPatchBytes: setting.spentPatchBytes ?? 0,
    nearer: setting.nearer ?? [],
  })
}
const rules = (changes: readonly Change[], setting: Setting = {}) => judge(changes, setting).map(({ rule }) => rule)

test('an ordinary edit, addition and removal pass', (t) => {
  t.deepEqual(judge([edited('src/a.ts'), added('src/b.ts'), removed('src/c.ts')]), [])
})

const hostile: readonly (readonly [what: string, rule: string, path: string])[] = [
  ['a file of the git directory', 'git-directory', '.git/config'],
  ['a hook', 'git-directory', '.git/hooks/post-checkout'],
  ['capitals', 'git-directory', '.GIT/config'],
  ['mixed case', 'git-directory', '.gIt/config'],
  ['further down', 'git-directory', 'sub/.git/config'],
  ['a file of that name', 'git-directory', 'sub/.git'],
  ['short name', 'git-directory', 'git~1/config'],
  ['short name in capitals', 'git-directory', 'GIT~1/config'],
  ['another short name', 'git-directory', 'git~12/config'],
  ['trailing blank', 'git-directory', '.git /config'],
  ['trailing dot', 'git-directory', '.git./config'],
  ['trailing dots and blanks', 'git-directory', '.git . . /config'],
  ['stream of the directory', 'git-directory', '.git::$INDEX_ALLOCATION/config'],
  ['named stream', 'git-directory', '.git:x/config'],
  ['stream of the short name', 'git-directory', 'git~1::$INDEX_ALLOCATION/config'],
  ['zero width non-joiner', 'git-directory', '.g\u200cit/config'],
  ['zero width joiner', 'git-directory', '.gi\u200dt/config'],
  ['byte order mark', 'git-directory', '.git\ufeff/config'],
  ['inhibit symmetric swapping', 'git-directory', '.\u206agit/config'],
  ['full width letters', 'git-directory', '.ｇｉｔ/config'],
  ['left-to-right override', 'path', '.g\u202dit/config'],
  ['upwards', 'path', '../x'],
  ['upwards from inside', 'path', 'a/../../x'],
  ['upwards to the git directory', 'path', 'a/../.git/config'],
  ['a dot', 'path', './x'],
  ['absolute', 'path', '/etc/passwd'],
  ['absolute on Windows', 'path', 'C:/x'],
  ['share on Windows', 'path', '//host/share'],
  ['empty component', 'path', 'a//b'],
  ['trailing slash', 'path', 'a/'],
  ['no path', 'path', ''],
  ['backslashes upwards', 'path', 'src\\..\\..\\x'],
  ['backslash to the git directory', 'path', '.git\\config'],
  ['line break', 'path', 'a\nb'],
  ['carriage return', 'path', 'a\rb'],
  ['tab', 'path', 'a\tb'],
  ['NUL', 'path', 'a\u0000b'],
  ['escape', 'path', 'a\u001b[2Jb'],
  ['delete', 'path', 'a\u007fb'],
  ['line separator', 'path', 'a\u2028b'],
  ['right-to-left override', 'path', 'a\u202egpj.sh'],
  ['isolate', 'path', 'a\u2066b'],
  ['not UTF-8', 'path', 'a\ufffdb'],
  ['half a character', 'path', 'a\ud800b'],
  ['component of 300 bytes', 'path', `a/${'x'.repeat(300)}`],
  ['component of 256 bytes in 128 letters', 'path', 'é'.repeat(128)],
  ['path of 5 kB', 'path', Array.from({ length: 50 }, () => 'x'.repeat(100)).join('/')],
  ['200 directories', 'path', Array.from({ length: 200 }, () => 'd').join('/')],
  ['attributes', 'control-file', '.gitattributes'],
  ['attributes further down', 'control-file', 'a/b/.gitattributes'],
  ['attributes in capitals', 'control-file', '.GitAttributes'],
  ['attributes by short name', 'control-file', 'GITATT~1'],
  ['attributes by hashed short name', 'control-file', 'gi7d29~1'],
  ['attributes with an ignorable', 'control-file', '.gitatt\u200cributes'],
  ['attributes with a long s', 'control-file', '.gitattribute\u017f'],
  ['modules', 'control-file', '.gitmodules'],
  ['modules by short name', 'control-file', 'gitmod~4'],
  ['modules by hashed short name', 'control-file', 'GI7EBA~1'],
  ['modules as a stream', 'control-file', '.gitmodules::$DATA'],
  ['large file settings', 'control-file', '.lfsconfig'],
  ['includes', 'control-file', '.worktreeinclude'],
  ['includes further down', 'control-file', 'a/.worktreeinclude'],
  ['the policy', 'policy', 'pp.yaml'],
  ['its sibling', 'policy', 'pp.yml'],
  ['its sibling in JSON', 'policy', 'pp.json'],
  ['a nearer policy', 'policy', 'sub/pp.yaml'],
  ['the policy in capitals', 'policy', 'PP.YAML'],
  ['the policy with a dot', 'policy', 'pp.yaml.'],
]
for (const [what, rule, path] of hostile)
  test(`no policy allows ${what}: ${JSON.stringify(path.slice(0, 40))}`, (t) => {
    const source = { from: 'default' } as const
    const generous = {
      ...policy(),
      writeAllowlist: [['**', path].map((pattern) => ({ pattern, root: '', source }))],
    }
    for (const change of [added(path), edited(path), removed(path)])
      t.deepEqual(rules([change], { policy: generous }), [rule])
  })

const modes: readonly (readonly [what: string, rule: string, change: Change])[] = [
  ['new symlink', 'symlink', added('link', '120000')],
  ['retargeted symlink', 'symlink', edited('link', '120000')],
  ['file that becomes a symlink', 'symlink', edited('file', '100644', '120000')],
  ['symlink that becomes a file', 'symlink', edited('link', '120000', '100644')],
  ['removed symlink', 'symlink', removed('link', '120000')],
  ['new submodule', 'gitlink', added('lib', '160000')],
  ['moved submodule', 'gitlink', edited('lib', '160000')],
  ['file that becomes a submodule', 'gitlink', edited('file', '100644', '160000')],
  ['removed submodule', 'gitlink', removed('lib', '160000')],
  ['mode of a directory', 'mode', added('dir', '040000')],
  ['no mode', 'mode', added('file', '000000')],
]
for (const [what, rule, change] of modes) test(`refused: ${what}`, (t) => t.deepEqual(rules([change]), [rule]))

test('a file may become executable', (t) => t.deepEqual(judge([edited('run.sh', '100644', '100755')]), []))

test('nothing is written beyond a symlink of the base', (t) => {
  t.deepEqual(rules([added('out/x')], { base: [link('out')] }), ['symlink'])
  t.deepEqual(rules([added('a/out/b/x')], { base: [link('a/out')] }), ['symlink'])
  t.deepEqual(rules([added('outer/x')], { base: [link('out')] }), [])
})

test('a symlink that gives way to a directory is refused at both ends', (t) => {
  t.deepEqual(rules([removed('out', '120000'), added('out/x')], { base: [link('out')] }), ['symlink', 'symlink'])
})

test('nothing is written into a submodule', (t) => {
  t.deepEqual(rules([added('lib/x')], { base: [link('lib', '160000')] }), ['gitlink'])
})

test('an added path must not differ from another by case alone', (t) => {
  t.deepEqual(rules([added('src/A.ts')], { base: tree('src/a.ts') }), ['case-collision'])
  t.deepEqual(rules([added('src/A.ts'), added('src/a.ts')]), ['case-collision', 'case-collision'])
  t.deepEqual(rules([added('SRC/b.ts')], { base: tree('src/a.ts') }), ['case-collision'])
  t.deepEqual(rules([added('SRC')], { base: tree('src/a.ts') }), ['case-collision'])
  t.deepEqual(rules([added('stra\u00dfe')], { base: tree('STRASSE') }), ['case-collision'])
})

test('an added path must not differ from another by composition alone', (t) => {
  t.deepEqual(rules([added('cafe\u0301')], { base: tree('caf\u00e9') }), ['case-collision'])
})

test('a change of case is a removal and an addition, and passes', (t) => {
  t.deepEqual(rules([removed('Readme'), added('README')], { base: tree('Readme', 'src/a') }), [])
})

test('a collision that the base has does not hinder an edit of one of the two', (t) => {
  t.deepEqual(rules([edited('net/xt_MARK.c')], { base: tree('net/xt_MARK.c', 'net/xt_mark.c') }), [])
})

test('what deny_write names is refused although write_allowlist names it too', (t) => {
  const both = policy(
    'policy:\n  write_allowlist: [".env", "**"]\n  deny_write:\n    - "**/secrets/**"\n    - "**/.env"\n',
  )
  t.deepEqual(judge([added('.env')], { policy: both }), [
    {
      rule: 'deny_write',
      path: '.env',
      message: '.env: deny_write "**/.env" (pp.yaml:5); do not change this file, or change the policy first',
      source: { file: 'pp.yaml', line: 5 },
    },
  ])
  t.deepEqual(rules([added('a/.env'), added('.ENV'), added('secrets/a'), added('x/secrets/y/z')], { policy: both }), [
    'deny_write',
    'deny_write',
    'deny_write',
    'deny_write',
  ])
})

test('both ends of a rename are judged', (t) => {
  const denies = policy('policy: {deny_write: ["keep/**"]}')
  t.deepEqual(rules([removed('keep/a'), added('src/a')], { policy: denies }), ['deny_write'])
  t.deepEqual(rules([removed('src/a'), added('keep/a')], { policy: denies }), ['deny_write'])
})

test('a patch whose header and body name different files is judged by its result', (t) => {
  const one = policy('policy: {write_allowlist: [ok]}')
  t.deepEqual(
    judge([removed('ok'), edited('run.sh')], { policy: one }).map(({ path }) => path),
    ['run.sh'],
  )
})

test('a path outside of write_allowlist is refused with the list and its line', (t) => {
  t.deepEqual(judge([edited('docs/a.md')], { policy: policy('policy:\n  write_allowlist: ["src/**"]\n') }), [
    {
      rule: 'write_allowlist',
      path: 'docs/a.md',
      message:
        'docs/a.md: it is outside of write_allowlist (pp.yaml:2: src/**); change only files inside, or add it to the list first',
      source: { file: 'pp.yaml', line: 2 },
    },
  ])
})

test('the globs of a policy further down reach no further up', (t) => {
  const web = policy('policy: {write_allowlist: ["**"]}', 'web/pp.yaml', 'web')
  t.deepEqual(rules([edited('web/a.ts')], { policy: web }), [])
  t.deepEqual(rules([edited('api/a.ts')], { policy: web }), ['write_allowlist'])
})

test('a further policy file that is in force cannot be written', (t) => {
  t.deepEqual(rules([edited('ci/strict.yaml')], { policy: policy('', 'ci/strict.yaml') }), ['policy'])
})

test('a file that runs by itself passes only where it is named letter by letter', (t) => {
  const named = policy('policy: {write_allowlist: ["**", ".github/workflows/ci.yml", Makefile]}')
  t.deepEqual(rules([edited('.github/workflows/ci.yml'), edited('Makefile')], { policy: named }), [])
  t.deepEqual(rules([edited('.github/workflows/cd.yml'), edited('sub/Makefile')], { policy: named }), [
    'runs-by-itself',
    'runs-by-itself',
  ])
  t.regex(
    judge([edited('Makefile')])[0]?.message ?? '',
    /^Makefile: it runs by itself \(build script\); to allow it, write its exact path/,
  )
})

test('package.json passes while nothing in it changes that runs or installs something', (t) => {
  const was = JSON.stringify({ name: 'x', version: '1.0.0', scripts: { test: 'ava' }, exports: './a.js' })
  const is = (more: object) => JSON.stringify({ ...JSON.parse(was), ...more })
  const with_ = (more: object) => rules([edited('package.json')], { old: was, new: is(more) })
  t.deepEqual(with_({ version: '1.0.1', exports: './b.js', description: 'y' }), [])
  for (const key of [
    'scripts',
    'dependencies',
    'devDependencies',
    'optionalDependencies',
    'overrides',
    'workspaces',
    'gypfile',
    'bin',
  ])
    t.deepEqual(with_({ [key]: { postinstall: 'id' } }), ['runs-by-itself'], key)
})

test('a package.json that comes, goes or cannot be read is judged by the same rule', (t) => {
  t.deepEqual(rules([added('a/package.json')], { new: '{"name":"x","type":"module"}' }), [])
  t.deepEqual(rules([added('a/package.json')], { new: '{"scripts":{"install":"id"}}' }), ['runs-by-itself'])
  t.deepEqual(rules([removed('package.json')], { old: '{"scripts":{"test":"ava"}}' }), ['runs-by-itself'])
  t.deepEqual(rules([edited('package.json')], { old: '{}', new: '{' }), ['runs-by-itself'])
})

test('a text cannot become binary, what was binary or is new may be', (t) => {
  const binary = new Uint8Array([0x89, 0, 1])
  t.deepEqual(rules([edited('src/a.ts')], { new: binary }), ['binary'])
  t.deepEqual(rules([edited('logo.png')], { old: binary, new: binary }), [])
  t.deepEqual(rules([added('logo.png')], { new: binary }), [])
})

test('a NUL far down a text is seen', (t) => {
  const far = new Uint8Array(100_000).fill(0x61)
  far[99_999] = 0
  t.deepEqual(rules([edited('src/a.ts')], { new: far }), ['binary'])
})

test('a file whose content was not given is refused', (t) => {
  const input = { changes: [added('a')], base: [], blobs: new Map(), policy: policy(), patchBytes: 1 }
  t.deepEqual(
    guardChange(input).map(({ rule }) => rule),
    ['unread'],
  )
})

test('limits count paths and all bytes of the session, and name their line', (t) => {
  const two = policy('policy:\n  limits:\n    max_files_changed: 2\n    max_patch_bytes: 1000\n')
  const three = [edited('a'), edited('b'), edited('c')]
  t.deepEqual(judge(three, { policy: two, patchBytes: 400, spentPatchBytes: 700 }), [
    {
      rule: 'limits.max_files_changed',
      path: null,
      message: 'the change has 3 files, but max_files_changed is 2 (pp.yaml:3); make the change smaller',
      source: { file: 'pp.yaml', line: 3 },
    },
    {
      rule: 'limits.max_patch_bytes',
      path: null,
      message: 'the change has 1100 bytes of patch, but max_patch_bytes is 1000 (pp.yaml:4); make the change smaller',
      source: { file: 'pp.yaml', line: 4 },
    },
  ])
  t.deepEqual(rules(three.slice(1), { policy: two, patchBytes: 1000 }), [])
})

test('a limit that does not apply refuses nothing', (t) => {
  const unbounded = mergePolicy([], { limits: 'written' })
  const many = Array.from({ length: 50 }, (_, n) => edited(`f${n}`))
  t.deepEqual(rules(many, { policy: unbounded, patchBytes: 1e9 }), [])
})

test('a path in a message cannot break the line it stands in', (t) => {
  t.is(judge([added('a\nb')])[0]?.message.split('\n').length, 1)
})

test('a policy nearer to a file binds it as well, and no file elsewhere', (t) => {
  const changes = [edited('lib/a.ts'), edited('lib/src/b.ts'), edited('top.ts')]
  const nearer = (text: string) => {
    const paths = new Set(['lib/a.ts', 'lib/src/b.ts'])
    return [{ file: 'lib/pp.yaml', paths, policy: policy(text, 'lib/pp.yaml', 'lib') }]
  }
  const refused = (text: string) =>
    judge(changes, { nearer: nearer(text) }).map(({ rule, path, source }) => [rule, path, source?.file])
  t.deepEqual(refused('policy: {deny_write: ["*.ts"]}'), [['deny_write', 'lib/a.ts', 'lib/pp.yaml']])
  t.deepEqual(refused('policy: {write_allowlist: ["src/**"]}'), [['write_allowlist', 'lib/a.ts', 'lib/pp.yaml']])
  t.deepEqual(refused(''), [])
})

test('a nearer policy that cannot be read lets nothing pass', (t) => {
  const nearer = [{ file: 'lib/pp.yaml', paths: new Set(['lib/a.ts']), policy: null }]
  const changes = [edited('lib/a.ts'), edited('top.ts')]
  const refused = judge(changes, { nearer })
  t.deepEqual(
    refused.map(({ rule, path }) => [rule, path]),
    [['policy', 'lib/a.ts']],
  )
})
