import type { Files } from './repo.ts'

/** A small Python project whose one test fails: `add` subtracts. */
export const CALC: Files = {
  'calc.py': 'def add(a, b):\n    return a - b\n\n\ndef double(a):\n    return a * 2\n',
  'test_calc.py':
    'from calc import add, double\n\n\ndef test_add():\n    assert add(2, 3) == 5\n\n\ndef test_double():\n    assert double(4) == 8\n',
}

export const PYTEST = 'python3 -m pytest -q'

/** The patch that mends it, as a model would answer. */
export const RIGHT = fenced('-    return a - b\n+    return a + b\n')
/** One that applies and mends nothing. */
export const WRONG = fenced('-    return a - b\n+    return a * b\n')

function fenced(lines: string): string {
  return `The operator is wrong.\n\n\`\`\`diff\n--- a/calc.py\n+++ b/calc.py\n@@ -1,2 +1,2 @@\n def add(a, b):\n${lines}\`\`\`\n`
}
