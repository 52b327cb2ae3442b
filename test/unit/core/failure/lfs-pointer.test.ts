import test from 'ava'
import { lfsPointerHint } from '../../../../src/engine/core/failure/lfs-pointer.ts'

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 9\n`

test('an output that shows a pointer, or names a file of git-lfs, is told that runs see pointers', (t) => {
  for (const output of [
    POINTER,
    "E  ValueError: cannot load 'data/model.bin'",
    'model.bin:1: bad magic',
    'x\nmodel.bin',
  ])
    t.regex(
      lfsPointerHint(output, ['data/model.bin']) ?? '',
      /^data\/model\.bin is only a git-lfs pointer in every run, even after/,
    )
})

test('an output that names another file, or a repository without such files, is left alone', (t) => {
  for (const output of ['', 'old_model.bin', 'model.bin2', 'a.model.bin', 'model'])
    t.is(lfsPointerHint(output, ['data/model.bin']), null, output)
  t.is(lfsPointerHint(POINTER, []), null)
})
