import test from 'ava'
import fc from 'fast-check'
import { dialectOf } from '../../../../src/engine/core/search/dialect.ts'
import { type EditCandidate, editCandidates } from '../../../../src/engine/core/search/edit-candidates.ts'
import { functionsOf } from '../../../../src/engine/core/search/function-regions.ts'
import { tokenizeFile } from '../../../../src/engine/core/search/tokenized-file.ts'
import { type LanguageFamily, tokenize } from '../../../../src/engine/core/search/tokens.ts'

const FAMILIES: readonly LanguageFamily[] = ['python', 'c', 'ruby', 'shell']

function texts(text: string, family: LanguageFamily): string[] {
  return tokenize(text, family).map((token) => token.text)
}

function applied(text: string, candidate: EditCandidate): string {
  return text.slice(0, candidate.start) + candidate.text + text.slice(candidate.end)
}

/** The rank, from 1, of the candidate that turns the line into `right`; null when there is none. */
function rank(path: string, text: string, wrong: string, right: string): number | null {
  const line = text.split('\n').findIndex((one) => one.includes(wrong)) + 1
  const wanted = text.replace(wrong, right)
  let count = 0
  for (const candidate of editCandidates(new Map([[path, text]]), [{ path, line, score: 1 }])) {
    count++
    if (applied(text, candidate) === wanted) return count
  }
  return null
}

test('comments are no tokens, strings are one', (t) => {
  t.deepEqual(texts(`x = "a # b"  # c\ny = '''d\n# e'''`, 'python'), ['x', '=', '"a # b"', 'y', '=', "'''d\n# e'''"])
  t.deepEqual(texts('a /* b */ = `c // d` // e', 'c'), ['a', '=', '`c // d`'])
  t.deepEqual(texts('a = s.replace(/["/]/g, b) / 2', 'c').slice(5, 7), ['(', '/["/]/g'])
  t.deepEqual(texts("fn f<'a>(x: &'a str)", 'c').slice(0, 6), ['fn', 'f', '<', "'", 'a', '>'])
  t.deepEqual(texts('echo "a # b" # c', 'shell'), ['echo', '"a # b"'])
})

test('operators of several characters stay whole', (t) => {
  t.deepEqual(texts('a **= b // c <= d', 'python'), ['a', '**=', 'b', '//', 'c', '<=', 'd'])
  t.deepEqual(texts('a === b && !c ?? d => e', 'c'), ['a', '===', 'b', '&&', '!', 'c', '??', 'd', '=>', 'e'])
})

test('tokens of any text lie in order and say what stands there', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...FAMILIES), (text, family) => {
      let end = 0
      for (const token of tokenize(text, family)) {
        if (token.start < end || text.slice(token.start, token.end) !== token.text) return false
        end = token.end
      }
      return true
    }),
  )
  t.pass()
})

test('functions are found by indentation and by braces', (t) => {
  const names = (path: string, text: string): string[] => {
    const dialect = dialectOf(path)
    return dialect === null ? [] : functionsOf(tokenizeFile(text, dialect)).map(({ name }) => name)
  }
  t.deepEqual(names('a.py', 'def f(a,\n      b=1):\n    def g():\n        pass\n    return g\nx = 1\n'), ['f', 'g'])
  t.deepEqual(names('a.js', 'class A {\n  f(a) { if (a) { b() } }\n}\nconst g = (x) => { return x }\n'), ['f', ''])
  t.deepEqual(names('a.go', 'func (s *S) Pop() (int, error) {\n\tfor i := range s {\n\t}\n}\n'), ['Pop'])
  t.deepEqual(names('a.rb', 'class A\n  def f(a)\n    a\n  end\nend\n'), ['f'])
  t.deepEqual(names('notes.md', 'def f(): pass'), [])
})

const PYTHON = `import os

def pick(items, limit=3, lower=True):
    total = 0
    names = []
    for index in range(1, len(items)):
        if items[index] < limit and not lower:
            total += items[index]
        best = min(total, limit)
        names.append("max")
    while True:
        left, right = total - limit, limit
        return join(left, right) + 1
`
const SCRIPT = `export function find(list, wanted) {
  let low = 0
  for (let i = 1; i <= list.length; i++) {
    if (list[i] === wanted && low > 0) return i
    low += 1
  }
  return Math.min(low, list.length)
}
`
for (const [path, text, wrong, right, within] of [
  ['a.py', PYTHON, 'items[index] < limit', 'items[index] <= limit', 5],
  ['a.py', PYTHON, 'limit and not', 'limit or not', 10],
  ['a.py', PYTHON, 'and not lower', 'and lower', 20],
  ['a.py', PYTHON, 'range(1, len', 'range(0, len', 10],
  ['a.py', PYTHON, 'len(items))', 'len(items) - 1)', 40],
  ['a.py', PYTHON, 'total += items', 'total -= items', 3],
  ['a.py', PYTHON, 'total += items', 'total = items', 10],
  ['a.py', PYTHON, 'min(total', 'max(total', 5],
  ['a.py', PYTHON, 'min(total, limit)', 'min(limit, total)', 15],
  ['a.py', PYTHON, 'total - limit, limit', 'limit - total, limit', 10],
  ['a.py', PYTHON, 'join(left, right)', 'join(right, left)', 10],
  ['a.py', PYTHON, 'right) + 1', 'right)', 5],
  ['a.py', PYTHON, 'join(left', 'join(total', 80],
  ['a.py', PYTHON, 'while True', 'while names', 40],
  ['a.py', PYTHON, '"max"', '""', 30],
  ['a.py', PYTHON, 'total = 0', 'total = 1', 3],
  ['a.py', PYTHON, 'lower=True', 'lower=False', 3],
  ['a.js', SCRIPT, 'i <= list', 'i < list', 3],
  ['a.js', SCRIPT, 'i = 1', 'i = 0', 10],
  ['a.js', SCRIPT, 'list[i] ===', 'list[i] !==', 3],
  ['a.js', SCRIPT, 'list[i]', 'list[i - 1]', 30],
  ['a.js', SCRIPT, '&& low', '|| low', 5],
  ['a.js', SCRIPT, 'Math.min', 'Math.max', 3],
  ['a.sh', 'f() {\n  if [ "$1" -gt "$2" ]; then echo "$1"; fi\n}\n', '-gt', '-ge', 3],
  ['a.go', 'func f(a []int) int {\n\treturn a[len(a)]\n}\n', 'len(a)]', 'len(a) - 1]', 20],
] as const) {
  test(`${path}: ${wrong} → ${right} is among the first ${within} of its line`, (t) => {
    const found = rank(path, text, wrong, right)
    t.true(found !== null && found <= within, String(found))
  })
}

test('no candidate comes twice, and each changes the file', (t) => {
  const seen = new Set([PYTHON])
  for (const candidate of editCandidates(new Map([['a.py', PYTHON]]), [{ path: 'a.py', line: null, score: 1 }])) {
    const text = applied(PYTHON, candidate)
    t.false(seen.has(text), `${candidate.rule} in line ${candidate.line}`)
    seen.add(text)
  }
  t.true(seen.size > 500, String(seen.size))
})

test('the suspicious line comes first, then the rest of its function, then the other functions', (t) => {
  const text = 'def f(a):\n    b = a + 1\n    return b - 2\n\ndef g(a):\n    return a * 3\n'
  const lines = [...editCandidates(new Map([['a.py', text]]), [{ path: 'a.py', line: 3, score: 1 }])].map(
    ({ line }) => line,
  )
  t.is(lines[0], 3)
  t.true(lines.includes(6))
  t.true(lines.lastIndexOf(2) < lines.length)
  t.true(lines.slice(0, 20).filter((line) => line === 3).length > 12)
})

test('the more suspicious of two lines has more of the first candidates', (t) => {
  const text = 'def f(a):\n    return a < 1\n\ndef g(a):\n    return a < 2\n'
  const suspects = [
    { path: 'a.py', line: 2, score: 0.2 },
    { path: 'a.py', line: 5, score: 0.9 },
  ]
  const [first] = editCandidates(new Map([['a.py', text]]), suspects)
  t.is(first?.line, 5)
})

test('imports are left alone, and of a head all but its default values', (t) => {
  for (const candidate of editCandidates(new Map([['a.py', PYTHON]]), [{ path: 'a.py', line: 3, score: 1 }])) {
    t.not(candidate.line, 1)
    if (candidate.line === 3) t.regex(candidate.rule, /^constant\./)
  }
})

test('words that every object has are words like others', (t) => {
  const text = 'class A {\n  constructor(toString) {\n    this.valueOf = toString < 1\n  }\n}\n'
  t.true([...editCandidates(new Map([['a.js', text]]), [{ path: 'a.js', line: 3, score: 1 }])].length > 10)
})

test('files of unknown languages have no candidates', (t) => {
  t.deepEqual([...editCandidates(new Map([['a.txt', 'a < b']]), [{ path: 'a.txt', line: 1, score: 1 }])], [])
})

test('the kinds of mistakes that need more than one token have candidates', (t) => {
  const python: readonly (readonly [text: string, wrong: string, right: string])[] = [
    ['def f(x, y, z):\n    if x+y==z or y+z==x:\n        return 1\n', 'y+z==x', 'y+z==x or x+z==y'],
    ['def f(values):\n    out = [x for x in values if x]\n    return values\n', 'out =', 'return'],
    ['def f(words):\n    return sorted(words)[0]\n', 'sorted(words)', 'sorted(words, key=len)'],
    ['def f(self):\n    size = self.size\n    return size.real\n', 'size.real', 'size.real()'],
    ['def f(self):\n    self.size = 1\n    return size\n', 'return size', 'return self.size'],
    ['def f(self):\n    return self.parts.count()\n', 'self.parts.count', 'self.count'],
    ['def f(n):\n    return n * n / 2\n', 'n * n', 'n * (n + 1)'],
    ['def f(x):\n    return x\n', 'return x', 'return None'],
    [
      'def f(a):\n    if a:\n        even -= 1\n    else:\n        even -= 1\n',
      '-= 1\n    else:\n        even -=',
      '+= 1\n    else:\n        even +=',
    ],
    ['def f(a):\n    x = a[3] + 3\n    return x\n', 'a[3] + 3', 'a[4] + 4'],
    ['def f(a, b):\n    if a:\n        return a\n    return b\n', 'return a\n    return b', 'return b\n    return a'],
    ['def f(t):\n    day, month = t.split()\n    return day\n', 'day, month', 'month, day'],
    ['def f(a):\n    a.go()\n    a.stop()\n    return a\n', 'a.go()\n    a.stop()', 'a.stop()\n    a.go()'],
    ['def f(n):\n    return [g(i) for i in range(n)]\n', 'range(n)', 'range(1, n + 1)'],
    ['def f(a, n):\n    return a[n:n + 2]\n', 'n:n + 2', 'n + 1:n + 2 + 1'],
    ['def f(a):\n    return max([g(i) for i in a][-1], 1)\n', '[g(i) for i in a][-1]', 'sum([g(i) for i in a])'],
    ['def f(xs):\n    return [x for x in xs]\n', '[x for x', 'xs + [x for x'],
    ['def f(name):\n    # Jupiter\n    return name == "Jupyter"\n', 'Jupyter', 'Jupiter'],
    ['def f(text):\n    return md5("text") + text\n', '"text"', 'text.encode()'],
    [
      'def f(a, b):\n    out = []\n    out.append(a)\n    return b\n',
      '    out.append',
      '    if a == b:\n        out.append',
    ],
    ['def f(a):\n    x = a.size\n    return x\n', '    x = a', '    if a is None:\n        return None\n    x = a'],
    ['def f(a):\n    x = a.size\n    return x\n', '    x = a', '    if a is None:\n        a = []\n    x = a'],
    ['def f(a):\n    return a.size\n', 'a.size', 'a.size if a is not None else None'],
    [
      'def f(n, seen):\n    if n in seen:\n        return 0\n    return any(\n        f(m, seen) for m in n\n    )\n',
      '    return any',
      '    seen.add(n)\n    return any',
    ],
    [
      'def f(n, k):\n    while n:\n        d = n % k\n        g(d)\n',
      '        g(d)',
      '        n = n % k\n        g(d)',
    ],
    ['def f(a):\n    g(a)\n    g(a)\n    h(a)\n    return a\n', 'g(a)\n    h(a)', 'pass'],
    ['def f(a):\n    if a:\n        g(a)\n    return a\n', 'if a:\n        g(a)', 'pass'],
    ['def f(s):\n    return re.match(r"[a-z]+", s)\n', '[a-z]+', '[a-zA-Z]+'],
    ['def f(s):\n    return re.sub(r"\\d", "", s)\n', 'd"', 'd+"'],
    ['def f(s):\n    return re.match("[a-z]+", s)\n', 'z]+', 'z]+$'],
    [
      'def g(a, limit=None):\n    return a\n\ndef f(a, limit):\n    return g(a)\n',
      'return g(a)',
      'return g(a, limit=limit)',
    ],
  ]
  const script: typeof python = [
    ['function f(t) {\n  return t[1] > 12 || t[0] < 1\n}\n', 't[1] > 12 || t[0]', 't[0] > 12 || t[1]'],
    ['function f(xs) {\n  return xs.map((x) => x)\n}\n', 'map((x) => x)', 'map((x) => x).slice(1)'],
    ['function f(xs) {\n  return xs.map((x) => x);\n}\n', 'map((x) => x)', 'map((x) => x).slice(1)'],
    ['function f(l) {\n  return l.sort()\n}\n', 'return l', 'return [...new Set(l)]'],
    ['function f(l) {\n  return l.sort()\n}\n', 'sort()', 'sort((a, b) => a - b)'],
    ['function f(a, k) {\n  for (let i = 0; i < a.length; i++) g()\n}\n', 'i < a.length', 'i < k'],
    ['function f(c) {\n  return c > 64 && c < 100\n}\n', 'c < 100', 'c < 91'],
    ['function f(a, b) {\n  let d = a - b\n  return d\n}\n', 'a - b', 'Math.abs(a - b)'],
    [
      'function f(a, b) {\n  return g([...a]) === g([...b])\n}\n',
      '[...a]) === g([...b]',
      '[...a].sort()) === g([...b].sort()',
    ],
    ['function f(s) {\n  return s.replace(/ /, "")\n}\n', '/ /', '/ /g'],
    ['function f(a) {\n  return a.b.c\n}\n', 'a.b.c', 'a.b?.c'],
    ['function f(a, b) {\n  let n = 1\n  for (const x of a) {\n    g(n)\n  }\n}\n', 'g(n)\n', 'g(n)\n    n = 1;\n'],
    ['function f(a, b) {\n  let n = 1;\n  g(n);\n}\n', '  g(n)', '  if (!n) { return null; }\n  g(n)'],
    ['function f(a) {\n  if (a) {\n    g(a)\n  }\n  h(a)\n}\n', 'if (a) {\n    g(a)\n  }', ''],
  ]
  for (const [text, wrong, right] of python) t.not(rank('a.py', text, wrong, right), null, right)
  for (const [text, wrong, right] of script) t.not(rank('a.js', text, wrong, right), null, right)
})
