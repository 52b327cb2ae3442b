import test from 'ava'
import { requirementsOf } from '../../../../src/engine/core/doctor/command-requirements.ts'
import { exposingSettings, type GitSettings } from '../../../../src/engine/core/doctor/exposing-settings.ts'
import { clockChecks, spaceChecks } from '../../../../src/engine/core/doctor/machine.ts'

function settings(...pairs: readonly (readonly [key: string, value: string, scope?: string])[]): GitSettings {
  const found = new Map<string, { value: string; scope: string }[]>()
  for (const [key, value, scope = 'local'] of pairs) found.set(key, [...(found.get(key) ?? []), { value, scope }])
  return found
}

const notes = (of: GitSettings, env = {}) => exposingSettings(of, env).filter(({ level }) => level !== 'ok')

const EXPOSED: readonly (readonly [key: string, value: string, says: RegExp])[] = [
  ['remote.backup.mirror', 'true', /^git push backup mirrors/],
  ['remote.o.push', 'refs/*:refs/*', /git push o sends/],
  ['remote.o.push', '+refs/notes/*:refs/notes/*', /git push o sends/],
  ['remote.o.push', 'refs/pp/*', /git push o sends/],
  ['remote.o.fetch', '+refs/*:refs/*', /git fetch o overwrites/],
  ['remote.o.fetch', '+refs/heads/*:refs/pp/*', /git fetch o overwrites/],
  ['notes.displayref', '*', /^git log shows bundles/],
  ['notes.displayref', 'refs/notes/*', /^git log shows bundles/],
  ['notes.displayref', 'refs/notes/pp/bundles', /^git log shows bundles/],
  ['notes.displayref', 'refs/notes/p[p]/*', /^git log shows bundles/],
  ['notes.rewriteref', 'refs/notes/*', /^git commit --amend and git rebase copy/],
  ['log.initialdecorationset', 'all', /^git log --decorate shows/],
  ['transfer.hiderefs', 'refs/pp', /gets its proofs/],
  ['uploadpack.hiderefs', 'refs/notes', /gets its proofs/],
]
for (const [key, value, says] of EXPOSED) {
  test(`${key} = ${value} is told, with what mends it`, (t) => {
    const [first, ...more] = notes(settings([key, value]))
    t.regex(first?.text ?? '', says)
    t.true(first?.level === 'note' && first.mend !== null)
    t.is(more.length, 0)
  })
}

const HARMLESS: readonly (readonly [key: string, value: string])[] = [
  ['remote.o.mirror', 'false'],
  ['remote.o.push', 'refs/heads/*:refs/heads/*'],
  ['remote.o.push', 'HEAD'],
  ['remote.o.fetch', '+refs/heads/*:refs/remotes/o/*'],
  ['remote.o.fetch', '+refs/pp/*:refs/remotes/o/pp/*'],
  ['notes.displayref', 'refs/notes/commits'],
  ['notes.displayref', 'refs/notes/pp/summary'],
  ['notes.rewriteref', 'refs/notes/commits'],
  ['log.initialdecorationset', 'none'],
  ['transfer.hiderefs', 'refs/pull'],
]
for (const [key, value] of HARMLESS)
  test(`${key} = ${value} is nothing to tell`, (t) => t.deepEqual(notes(settings([key, value])), []))

test('exceptions of a refspec and of hidden refs count', (t) => {
  const spared = ['^refs/pp/*', '^refs/notes/pp/*', '^refs/notes/pp-local/*'].map(
    (spec) => ['remote.o.push', spec] as const,
  )
  t.deepEqual(notes(settings(['remote.o.push', 'refs/*:refs/*'], ...spared)), [])
  t.is(notes(settings(['remote.o.push', 'refs/*:refs/*'], ...spared.slice(1))).length, 1)
  t.deepEqual(notes(settings(['transfer.hiderefs', 'refs/pp'], ['transfer.hiderefs', '!refs/pp'])), [])
  t.deepEqual(notes(settings(['log.initialdecorationset', 'all'], ['log.excludedecoration', 'refs/pp/*'])), [])
})

test('variables of the environment say the same as the settings', (t) => {
  t.is(notes(settings(), { GIT_NOTES_DISPLAY_REF: 'refs/notes/commits:refs/notes/*' }).length, 1)
  t.is(notes(settings(), { GIT_NOTES_REWRITE_REF: 'refs/notes/pp/*' }).length, 1)
})

test('secrets that are too short or too common to be masked everywhere are named, without their values', (t) => {
  const env = { API_KEY: 'k', DB_PASSWORD: 'changeme', MY_TOKEN: 'Zx8Qw2Lk5Vn9', URL: 'http://me:pw@db/', PATH: '/bin' }
  const [only, ...others] = exposingSettings(new Map(), env)
  t.deepEqual(others, [])
  t.regex(only?.text ?? '', /^API_KEY, DB_PASSWORD, URL: the value is shorter than 8 characters/)
  t.notRegex(only?.text ?? '', /changeme|pw/)
})

test('a mend is one shell word for each word, whatever a remote is called', (t) => {
  const [found] = notes(settings(["remote.a'; touch x.mirror", 'true']))
  t.true(found?.level === 'note' && found.mend === "git config --unset-all remote.'a'\\''; touch x'.mirror")
})

const NOON = Date.UTC(2026, 0, 1, 12)
const RIGHT = { now: NOON, commit: NOON - 1000, file: NOON, wall: 5, steady: 5 }

test('a clock that agrees with commit, files and itself is fine', (t) => {
  t.deepEqual(
    clockChecks(RIGHT).map(({ level }) => level),
    ['ok'],
  )
})

test('a clock behind the newest commit, apart from the file system, or that jumps is told', (t) => {
  const hour = 3_600_000
  t.regex(clockChecks({ ...RIGHT, commit: NOON + hour })[0]?.text ?? '', /60 min behind the date of the commit HEAD/)
  t.regex(clockChecks({ ...RIGHT, file: NOON - 5 * hour })[0]?.text ?? '', /5 h away/)
  t.regex(clockChecks({ ...RIGHT, wall: -hour, steady: 10 })[0]?.text ?? '', /jumped by 60 min/)
})

test('room is held against what a work tree takes, in bytes and in files', (t) => {
  const space = { dir: '/c', free: 1 << 30, freeFiles: 10_000, treeBytes: 1 << 20, treeFiles: 100 }
  const level = (more: object) => spaceChecks({ ...space, ...more })[0]?.level
  t.is(level({}), 'ok')
  t.is(level({ free: 2 << 20 }), 'note')
  t.is(level({ free: 1 << 20 }), 'problem')
  t.is(level({ freeFiles: 99 }), 'problem')
  t.is(level({ freeFiles: null }), 'ok')
})

test('programs of a shell line are read up to what only a shell can work out', (t) => {
  const programs = (shell: string) => requirementsOf({ shell }).programs
  t.deepEqual(programs('pytest -q'), ['pytest'])
  t.deepEqual(programs('A=1 B=2 node --test && npm run lint'), ['node', 'npm'])
  t.deepEqual(programs('cd web && npm test'), [])
  t.deepEqual(programs('make test; cd web && ./run'), ['make'])
  t.deepEqual(programs('grep "a && rm b" x | wc'), ['grep'])
  t.deepEqual(programs('$(evil)'), [])
  t.deepEqual(programs('"my prog" -x'), [])
  t.deepEqual(requirementsOf({ argv: ['my prog', '&&', 'x'] }).programs, ['my prog'])
})

test('modules of Python and programs of npx are named', (t) => {
  t.deepEqual(requirementsOf({ shell: 'python3 -m pytest -q' }).modules, [{ python: 'python3', name: 'pytest' }])
  t.deepEqual(requirementsOf({ shell: 'python3 x.py -m a' }).modules, [])
  t.deepEqual(requirementsOf({ shell: 'npx --no-install vitest run' }).bins, ['vitest'])
})
