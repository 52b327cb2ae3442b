import test from 'ava'
import { wordPresence } from '../../../../src/engine/core/redact/word-presence.ts'

test('words are found in any case, at the very beginning and the very end, and nothing else is', (t) => {
  const words = wordPresence(['ghp_', 'SK', '-----BEGIN', 'token'])
  const found = (text: string) => [...words(new TextEncoder().encode(text))].sort()
  t.deepEqual(found(''), [])
  t.deepEqual(found('g'), [])
  t.deepEqual(found('ghp'), [])
  t.deepEqual(found('ghp_'), ['ghp_'])
  t.deepEqual(found('GHP_ a TOKEN and a Task\n-----BEGIN'), ['-----BEGIN', 'SK', 'ghp_', 'token'])
  t.deepEqual(found('tok en -----BEGI'), [])
})
