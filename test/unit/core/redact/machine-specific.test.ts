import test from 'ava'
import {
  machineSpecificTexts,
  relativeToCheckout,
  replaceMachineSpecificTexts,
} from '../../../../src/engine/core/redact/machine-specific.ts'
import { redactor } from '../../../../src/engine/core/redact/secret-redactor.ts'

const HERE = { checkout: '/home/alice/my repo', home: '/home/alice', user: 'alice', host: 'workbench' }

function shown(text: string, here = HERE, secrets: { name: string; value: string }[] = []): string {
  const { bytes } = replaceMachineSpecificTexts(redactor({ secrets }), machineSpecificTexts(here)).redact(
    new TextEncoder().encode(text),
  )
  return new TextDecoder().decode(bytes)
}

for (const [printed, kept] of [
  ['File "/home/alice/my repo/calc.py", line 3', 'File "/checkout/calc.py", line 3'],
  ['at file:///home/alice/my%20repo/calc.js:3:1', 'at file:///checkout/calc.js:3:1'],
  ['/home/alice/my repo:/home/alice/my repo', '/checkout:/checkout'],
  ['cc -I/home/alice/include', 'cc -I~/include'],
  ['/home/alice/.cache by alice on workbench.', '~/.cache by user on localhost.'],
  ['/home/alicette /home/alice.old /data/home/alice', '/home/alicette /home/alice.old /data/home/alice'],
  ['malice alice_b alice.py tests/alice/a.py', 'malice alice_b alice.py tests/alice/a.py'],
] as const)
  test(`printed: ${printed}`, (t) => t.is(shown(printed), kept))

test('names that many machines share are kept, and so is a home that is the root', (t) => {
  const here = { checkout: '/src', home: '/', user: 'root', host: 'vm' }
  t.is(shown('root@vm / /src/root/a.py', here), 'root@vm / /checkout/root/a.py')
})

test('a directory of the repository that is called like the home stays', (t) => {
  const here = { ...HERE, checkout: '/src/app', home: '/root' }
  t.is(shown('/src/app/lib/root/a.py /root/a', here), '/checkout/lib/root/a.py ~/a')
})

test('secrets are hidden first, and they alone are counted', (t) => {
  const hide = replaceMachineSpecificTexts(
    redactor({ secrets: [{ name: 'KEY', value: 'swordfish' }] }),
    machineSpecificTexts(HERE),
  )
  const { bytes, hits } = hide.redact(new TextEncoder().encode('swordfish of alice'))
  t.is(new TextDecoder().decode(bytes), '[redacted:KEY] of user')
  t.is(hits, 1)
})

test('paths in the checkout become relative to its top, and no other path loses anything', (t) => {
  t.is(
    relativeToCheckout('at f (/checkout/test/a.js:3), file:///checkout/b.js'),
    'at f (test/a.js:3), file:///checkout/b.js',
  )
  t.is(relativeToCheckout('~/state/1/checkout/test/a.js'), '~/state/1/checkout/test/a.js')
})
