import type { ProposalRequest } from '../../../src/engine/ports/proposer.ts'

export const BROKEN = 'def add(a, b):\n    return a - b\n'
export const REPLY = `The sign is wrong.

\`\`\`diff
--- a/calc.py
+++ b/calc.py
@@ -1,2 +1,2 @@
 def add(a, b):
-    return a - b
+    return a + b
\`\`\`
`

/** A request for a repository of the given files; `trial` accepts what `fixed` accepts. */
export function requestFor(
  files: Readonly<Record<string, string>>,
  over: Partial<ProposalRequest> = {},
): ProposalRequest & { readonly said: string[] } {
  const said: string[] = []
  return {
    n: 1,
    command: 'pytest -q',
    context: 'calc.py\n1 | def add(a, b):\n2 |     return a - b',
    suspects: [],
    expected: new Set(),
    earlier: [],
    files: {
      list: () => Object.keys(files),
      isProduct: () => true,
      read: async (path) => new TextEncoder().encode(files[path] ?? ''),
    },
    beside: [],
    trial: async () => false,
    trialCosts: async () => ({ wholeMs: 500, failingMs: null }),
    validate: null,
    jobs: 1,
    budget: { ms: 20_000, searchMs: 20_000, tokens: null, candidates: 1000 },
    tell: (line) => said.push(line),
    progress: (line) => said.push(line),
    signal: new AbortController().signal,
    ...over,
    said,
  }
}
