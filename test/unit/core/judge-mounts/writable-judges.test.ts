import test from 'ava'
import { mentionsRefusedWrite } from '../../../../src/engine/core/failure/refused-write.ts'
import { isDataJudge } from '../../../../src/engine/core/judges/data-judges.ts'
import { judgeClassifierOf } from '../../../../src/engine/core/judges/judges-by-name.ts'

test('a refused write is known in the words of many languages', (t) => {
  for (const output of [
    "OSError: [Errno 30] Read-only file system: 'tests/a.txt'",
    "E   OSError: [Errno 16] Device or resource busy: 'new' -> 'tests/a.txt'",
    "Error: EROFS: read-only file system, open '/x/tests/a.txt'",
    "Error: EBUSY: resource busy or locked, rename 'new' -> 'tests/a.txt'",
    'sqlite3.OperationalError: attempt to write a readonly database',
    'open tests/a.txt: read-only file system',
    'Os { code: 30, kind: ReadOnlyFilesystem, message: "Read-only file system" }',
    'tests/run.sh: line 3: tests/a.txt: Read-only file system',
    'java.nio.file.FileSystemException: tests/a.txt: Read-only file system',
  ])
    t.true(mentionsRefusedWrite(output), output)
})

test('other failures are none', (t) => {
  for (const output of [
    'assert 4 == 2',
    'E   PermissionError: [Errno 13] Permission denied',
    'EROFSX',
    'the busy bee',
    '',
  ])
    t.false(mentionsRefusedWrite(output), output)
})

test('what tests compare with or keep is data; what a runner loads is not', (t) => {
  const judgeOf = judgeClassifierOf([])
  const data = ['tests/__snapshots__/a.test.js.snap', 'tests/cassettes/x.yaml', 'tests/cases.db', 'tests/run.log']
  for (const path of [...data, 'golden/page.html', 'testdata/out']) t.true(isDataJudge(path, judgeOf), path)
  const loaded = ['tests/test_a.py', 'a.test.ts', 'tests/conftest.py', 'package.json', 'jest.config.js', 'tests/run.sh']
  for (const path of [...loaded, '.github/workflows/ci.yml', 'src/a.py']) t.false(isDataJudge(path, judgeOf), path)
})
