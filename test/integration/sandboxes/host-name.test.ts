import test from 'ava'
import { hostsFile } from '../../../src/engine/sandboxes/lib/host-name.ts'

const OWN = '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.0.1 pp\n::1 pp\n'

test('a machine without a hosts file has one inside', (t) => {
  t.is(hostsFile(), OWN)
})

test('names that the user gave to addresses stay, the names of the machine itself do not', (t) => {
  const outside = [
    '127.0.0.1\tlocalhost',
    '127.0.1.1 laptop.example.org laptop # mine',
    '# 10.0.0.1 old',
    '',
    '::1 ip6-localhost ip6-loopback localhost6',
    '127.0.0.1 app.test laptop',
    '10.0.0.2 laptops',
  ].join('\r\n')
  const kept = '::1 localhost6\n127.0.0.1 app.test\n10.0.0.2 laptops\n'
  t.is(hostsFile(outside, 'laptop'), OWN + kept)
  t.is(hostsFile(outside, 'laptop.example.org'), OWN + kept)
})

test('a machine without a name takes nothing away', (t) => {
  t.is(hostsFile('10.0.0.2 db .\n'), `${OWN}10.0.0.2 db .\n`)
})
