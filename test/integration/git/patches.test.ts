import test from 'ava'
import { stateOf, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

const PATCH = `diff --git a/a.txt b/a.txt
--- a/a.txt
+++ b/a.txt
@@ -1,3 +1,3 @@
 one
-two
+TWO
 three
`

test('a strict patch makes the tree it says, in no work tree', async (t) => {
  const repo = await tempRepo(t, { 'a.txt': 'one\ntwo\nthree\n', b: 'b\n' })
  await repo.write('a.txt', 'the user is editing\n')
  const before = await stateOf(repo)
  const { patches, objects } = await open(t, repo)
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  const applied = await patches.apply(tree, Buffer.from(PATCH))
  t.true(applied.ok)
  const made = applied.ok ? applied.tree : ''
  t.is(await repo.git('show', `${made}:a.txt`), 'one\nTWO\nthree')
  t.is((await objects.changes(tree, made)).length, 1)
  t.deepEqual(await stateOf(repo), before)
})

test('a patch that does not fit is refused with the reason, whatever the configuration allows', async (t) => {
  const repo = await tempRepo(t, { 'a.txt': 'one\n  two\nthree\n' })
  await repo.git('config', 'apply.ignoreWhitespace', 'change')
  await repo.git('config', 'apply.whitespace', 'fix')
  const { patches } = await open(t, repo)
  const tree = await repo.git('rev-parse', 'HEAD^{tree}')
  const applied = await patches.apply(tree, Buffer.from(PATCH))
  t.deepEqual(applied.ok ? null : /a\.txt/.test(applied.reason), true)
  t.false((await patches.apply(tree, Buffer.from('no patch at all'))).ok)
})

test('no part of a patch applies when one part does not', async (t) => {
  const repo = await tempRepo(t, { 'a.txt': 'one\ntwo\nthree\n', b: 'b\n' })
  const { patches } = await open(t, repo)
  const bad = `${PATCH}diff --git a/b b/b\n--- a/b\n+++ b/b\n@@ -1 +1 @@\n-x\n+y\n`
  t.false((await patches.apply(await repo.git('rev-parse', 'HEAD^{tree}'), Buffer.from(bad))).ok)
})

for (const target of ['.git/hooks/x', '.GIT/x', 'sub/.git/x', '../x', '.g\u200cit/config', 'git~1/x']) {
  test(`a patch cannot write ${JSON.stringify(target)}`, async (t) => {
    const repo = await tempRepo(t, { a: 'a\n' })
    const { patches } = await open(t, repo)
    const patch = `diff --git a/${target} b/${target}\nnew file mode 100644\n--- /dev/null\n+++ b/${target}\n@@ -0,0 +1 @@\n+x\n`
    t.false((await patches.apply(await repo.git('rev-parse', 'HEAD^{tree}'), Buffer.from(patch))).ok)
  })
}

test('the patch id ignores line numbers and is null for no change', async (t) => {
  const repo = await tempRepo(t, { 'a.txt': 'a\n' })
  const { patches } = await open(t, repo)
  const id = await patches.id(Buffer.from(PATCH))
  t.regex(id ?? '', /^[0-9a-f]{40}$/)
  t.is(await patches.id(Buffer.from(PATCH.replace('-1,3 +1,3', '-11,3 +11,3'))), id)
  t.is(await patches.id(new Uint8Array()), null)
})
