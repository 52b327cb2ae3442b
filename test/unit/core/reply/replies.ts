import { proposeEdits } from '../../../../src/engine/core/reply/reply.ts'
import type { ReplyFiles, ReplyOutcome } from '../../../../src/engine/core/reply/reply-outcome.ts'

export const SHOP = `import math

# Prices are net.
RATE = 0.19


def total(prices):
    # sum of all prices
    result = 0
    for price in prices:
        result += price
    return result - 1


def gross(price):
    return price * RATE


class Basket:
    def __init__(self):
        self.items = []

    def add(self, item):
        if item is None:
            return self
        self.items.insert(0, item)
        return self

    def remove(self, item):
        if item is None:
            return self
        self.items.remove(item)
        return self
`

export const TREE: Readonly<Record<string, string>> = {
  'src/shop.py': SHOP,
  'src/cart.go':
    'package cart\n\nfunc Sum(xs []int) int {\n\tsum := 0\n\tfor _, x := range xs {\n\t\tsum -= x\n\t}\n\treturn sum\n}\n',
  'src/Tax.cs': 'class Tax\r\n{\r\n    decimal Rate = 1;\r\n    decimal Gross(decimal net) => net * Rate;\r\n}\r\n',
  'conf/a.yaml': 'name: a\nport: 1\nlast: yes',
  'test/shop.py': 'from src.shop import total\n\nassert total([1]) == 1\n',
}

/** The hunk that mends `total`, as git prints it. */
export const HUNK = `@@ -9,7 +9,7 @@
     result = 0
     for price in prices:
         result += price
-    return result - 1
+    return result
 
 
 def gross(price):
`
export const PATCH = `--- a/src/shop.py\n+++ b/src/shop.py\n${HUNK}`
export const MENDED = SHOP.replace('return result - 1', 'return result')

export function filesOf(tree: Readonly<Record<string, string | Uint8Array>> = TREE): ReplyFiles {
  const bytes = new Map(
    Object.entries(tree).map(([path, text]) => [
      path,
      typeof text === 'string' ? new TextEncoder().encode(text) : text,
    ]),
  )
  return { list: () => [...bytes.keys()], text: (path) => bytes.get(path) ?? null }
}

/** What became of the tree, as text: only the changed paths; or the reason of the refusal. */
export function outcomeOf(reply: string, tree: Readonly<Record<string, string | Uint8Array>> = TREE): unknown {
  const outcome: ReplyOutcome = proposeEdits(reply, filesOf(tree))
  if (!outcome.ok) return outcome.reason
  return Object.fromEntries(
    [...outcome.edits].map(([path, bytes]) => [
      path,
      bytes === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
    ]),
  )
}
