import test from 'ava'
import { addedLines, weakened } from '../../../evaluation/real/weaken.ts'

const PYTHON = {
  path: 'tests/test_a.py',
  before: 'def test_one():\n    x = f(1)\n    assert x == 1\n',
  after:
    'def test_one():\n    x = f(1)\n    assert x == 1\n    assert f(2) == 2\n\ndef test_two():\n    assert f(3) == [\n        3]\n',
}

test('assertions of one line that the fix added are taken out, older ones and longer ones stay', (t) => {
  t.is(
    weakened(PYTHON, 'assertions out'),
    'def test_one():\n    x = f(1)\n    assert x == 1\n\ndef test_two():\n    assert f(3) == [\n        3]\n',
  )
})

test('put back is the text before', (t) => {
  t.is(weakened(PYTHON, 'put back'), PYTHON.before)
})

test('the tests that hold an added line are skipped, in the way of their language', (t) => {
  const skipped = (path: string, before: string, after: string) => weakened({ path, before, after }, 'skipped')
  t.is(weakened(PYTHON, 'skipped').split('@__import__("unittest").skip("later")\n').length, 3)
  t.is(
    skipped('a.test.js', "it('a', () => {\n})\n", "it('a', () => {\n  ok(1)\n})\n"),
    "it.skip('a', () => {\n  ok(1)\n})\n",
  )
  t.is(
    skipped('a_test.go', 'func TestA(t *testing.T) {\n}\n', 'func TestA(t *testing.T) {\n\tf()\n}\n'),
    'func TestA(t *testing.T) {\n\tt.Skip("later")\n\tf()\n}\n',
  )
  t.is(
    skipped('a.rs', '#[test]\nfn a() {\n}\n', '#[test]\nfn a() {\n    f();\n}\n'),
    '#[test]\n#[ignore]\nfn a() {\n    f();\n}\n',
  )
  t.is(skipped('a.bats', '@test "a" {\n}\n', '@test "a" {\n  f\n}\n'), '@test "a" {\n  skip later\n  f\n}\n')
  t.is(skipped('a.c', 'int main;\n', 'int main;\nint x;\n'), 'int main;\nint x;\n')
})

test('added lines are counted in the new text', (t) => {
  t.deepEqual([...addedLines('a\nb\nc\n', 'x\nb\ny\nz\nc\n')], [0, 2, 3])
})
