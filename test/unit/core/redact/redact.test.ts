import test from 'ava'
import fc from 'fast-check'
import { findSecrets } from '../../../../src/engine/core/redact/secret-patterns.ts'
import { redactor } from '../../../../src/engine/core/redact/secret-redactor.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const redact = (text: string, ...values: string[]) => {
  const secrets = values.map((value, n) => ({ name: n === 0 ? 'MY_VAR' : `VAR_${n}`, value }))
  return decode(redactor({ secrets }).redact(encode(text)).bytes)
}
/** Put together here, so that no scanner takes this file for a leak. */
const fake = (...parts: string[]) => parts.join('')

const SECRET = 'p&ss "w/rd+\u00e9\\1'
const bytes = encode(SECRET)
const buffer = Buffer.from(bytes)
const within = (lead: string) => Buffer.from(`${lead}${SECRET} and more`).toString('base64')
const forms: Readonly<Record<string, string>> = {
  'as it is': SECRET,
  'URL-encoded': encodeURIComponent(SECRET),
  'URL-encoded in small letters': encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase()),
  'URL-encoded throughout': [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  'as a form': encodeURIComponent(SECRET).replaceAll('%20', '+'),
  'as JSON': JSON.stringify(SECRET).slice(1, -1),
  'as ASCII JSON': JSON.stringify(SECRET).slice(1, -1).replace('\u00e9', '\\u00e9'),
  'as JSON with escaped slashes': JSON.stringify(SECRET).slice(1, -1).replaceAll('/', '\\/'),
  'for a shell': SECRET.replace(/[^\w\u00e9]/g, '\\$&'),
  'as HTML': SECRET.replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
  'in hex': buffer.toString('hex'),
  'in capital hex': buffer.toString('hex').toUpperCase(),
  'in base64': buffer.toString('base64'),
  'in url-safe base64': buffer.toString('base64url'),
  'in base64 after one byte': within('a'),
  'in base64 after two bytes': within('ab'),
  'in base64 after three bytes': within('abc'),
  'over two lines': `${SECRET.slice(0, 7)}\n    ${SECRET.slice(7)}`,
  'in hex over two lines': `${buffer.toString('hex').slice(0, 11)}\r\n${buffer.toString('hex').slice(11)}`,
}
for (const [how, text] of Object.entries(forms))
  test(`a value is hidden ${how}`, (t) => {
    const shown = redact(`before <${text}> after`, SECRET)
    t.regex(shown, /^before <.*\[redacted:MY_VAR\].*> after$/s)
    t.false(shown.includes(text))
    // What base64 holds of the text around the value stays; of the value itself not one whole byte.
    t.true(shown.length - '[redacted:MY_VAR]'.length < 'before <> after'.length + 20)
  })

test('a standalone value in base64 leaves nothing', (t) => {
  for (const value of ['sesame12', 'sesame123', 'sesame1234', 'sesame12345'])
    t.is(redact(`<${Buffer.from(value).toString('base64')}>`, value), '<[redacted:MY_VAR]>', value)
})

for (const value of ['k', 'abc123', 'changeme', 'Localhost'])
  test(`a value that output is full of is hidden only after its name: ${value}`, (t) => {
    const text = `max_model_tokens ${value} API_KEYS MY_VAR_2=${value}`
    t.is(redact(text, value), text)
    for (const [before, after] of [
      ['MY_VAR=', ''],
      ['{"MY_VAR": "', '"}'],
      ["os.environ['MY_VAR'] = '", "'"],
      ["{ MY_VAR => '", "'}"],
      ['MY_VAR := ', ''],
    ])
      t.is(redact(`${before}${value}${after}`, value), `${before}[redacted:MY_VAR]${after}`)
  })

test('an authorization header hides the password in its base64', (t) => {
  const header = Buffer.from('user:correct-horse').toString('base64')
  t.false(redact(`got ${header}`, 'correct-horse').includes(header.slice(8, 20)))
})

const KEY = fake(
  '-----BEGIN RSA PRIV',
  'ATE KEY-----\n',
  'MIIEow1Bxyz/+'.repeat(30).replace(/(.{64})/g, '$1\n'),
  '\n-----END RSA PRIV',
  'ATE KEY-----',
)

test('a value of several lines is hidden whole, line by line and in base64 with line breaks', (t) => {
  const lines = KEY.split('\n')
  const wrapped = Buffer.from(KEY)
    .toString('base64')
    .replace(/(.{76})/g, '$1\n')
  t.is(redact(`a ${KEY} b`, KEY), 'a [redacted:MY_VAR] b')
  t.is(redact(`a ${lines[2]} b`, KEY), 'a [redacted:MY_VAR] b')
  t.is(redact(`a\n${wrapped}\nb`, KEY), 'a\n[redacted:MY_VAR]\nb')
})

test('a part of a long value is hidden', (t) => {
  const long = Array.from({ length: 60 }, (_, n) => (n * 7919).toString(36)).join('-')
  t.true(redact(`cut: ${long.slice(0, 150)}`, long).length < 100)
})

test('a value under 6 bytes is not masked', (t) => t.is(redact('true or false', 'true', 'false'), 'true or false'))

test('of two values the longer one is hidden', (t) => {
  t.is(redact('x hunter22hunter y', 'hunter', 'hunter22hunter'), 'x [redacted:VAR_1] y')
})

test('bytes that are not UTF-8 pass unchanged', (t) => {
  const input = Uint8Array.from([0xff, 0, 0xc3, ...encode('swordfish'), 0x80, 0xfe])
  const output = redactor({ secrets: [{ name: 'P', value: 'swordfish' }] }).redact(input)
  t.deepEqual([...output.bytes], [0xff, 0, 0xc3, ...encode('[redacted:P]'), 0x80, 0xfe])
  t.is(output.hits, 1)
})

test('a name cannot break out of its brackets', (t) => {
  const { bytes } = redactor({ secrets: [{ name: 'a]\n\u001b[31m', value: 'swordfish' }] }).redact(encode('swordfish'))
  t.regex(decode(bytes), /^\[redacted:[\w.-]+\]$/)
})

const sure: Readonly<Record<string, string>> = {
  'aws-access-key-id': fake('AK', 'IAQ3EGRIJ2LK7XYZAB'),
  'github-token': fake('gh', 'p_', 'a1B2'.repeat(9)),
  'gitlab-token': fake('glp', 'at-', 'aB3_'.repeat(5)),
  'slack-token': fake('xo', 'xb-', '123456789012-abcdefGHIJ'),
  'stripe-key': fake('sk_', 'live_', 'a1B2'.repeat(6)),
  'google-api-key': fake('AI', 'za', 'aB3_x'.repeat(7)),
  jwt: fake('ey', 'JhbGciOiJIUzI1NiJ9.', 'ey', 'JzdWIiOiIxMjM0In0.', 'c2lnbmF0dXJl'),
  'npm-token': fake('np', 'm_', 'a1B2'.repeat(9)),
  'pypi-token': fake('pypi-', 'AgEI', 'a1B2_'.repeat(12)),
  'anthropic-key': fake('sk-', 'ant-', 'api03-', 'aB3_'.repeat(10)),
  'openai-key': fake('sk-', 'proj-', 'aB3_'.repeat(10)),
  'huggingface-token': fake('hf', '_', 'aBcD'.repeat(9)),
  'sendgrid-key': fake('SG', '.', 'aB3_'.repeat(6).slice(0, 22), '.', 'aB3_'.repeat(11).slice(0, 43)),
  'vault-token': fake('hv', 's.', 'aB3x'.repeat(8)),
  'azure-account-key': fake('Account', 'Key=', 'aB3/'.repeat(22).slice(0, 86), '=='),
  'webhook-url': fake('https://hooks.sl', 'ack.com/services/', 'T0AB/B0CD/'.repeat(4)),
  'private-key': KEY,
}
for (const [rule, secret] of Object.entries(sure))
  test(`a ${rule} is found and hidden wherever it stands`, (t) => {
    t.deepEqual(
      findSecrets(encode(`x = "${secret}"\n`)).map((found) => found.rule),
      [rule],
    )
    t.true(redact(`x = "${secret}"\n`).includes(`[redacted:${rule}]`))
  })

test('the offset of a finding is in bytes', (t) => {
  t.deepEqual(findSecrets(encode(`\u00e9\u00e9 ${sure['github-token']}`)), [{ rule: 'github-token', offset: 5 }])
})

const loose: readonly (readonly [shown: string, text: string])[] = [
  ['DB_PASSWORD=[redacted:assignment] next', 'DB_PASSWORD=hunter2hunter next'],
  ['export MY_API_KEY="[redacted:assignment]"', 'export MY_API_KEY="abcdef123456"'],
  ['"client_secret": "[redacted:assignment]"', '"client_secret": "s3cr3ts3cr3t"'],
  ['password: [redacted:assignment]', 'password: hunter2hunter'],
  ['postgres://me:[redacted:url-password]@db/x', 'postgres://me:hunter2@db/x'],
  ['Authorization: Bearer [redacted:authorization]', 'Authorization: Bearer abcdefghijklmnop.q'],
  ['//r.example/:_authToken=[redacted:npm-auth]', '//r.example/:_authToken=abcdef-123'],
  ['login me password [redacted:netrc]', 'login me password hunter2hunter'],
]
for (const [shown, text] of loose)
  test(`hidden but no reason to refuse a patch: ${text}`, (t) => {
    t.is(redact(text), shown)
    t.deepEqual(findSecrets(encode(text)), [])
  })

const harmless = [
  'http://localhost:3000/path@2',
  'http://user@host:80/',
  'AssertionError: token: IDENTIFIER != NUMBER',
  'KeyError: primary_key: users.id',
  'MAX_TOKENS = 4096',
  'password=$DB_PASSWORD and password: <hidden1> and api_key=process.env.X1',
  'SECRET_KEY = os.environ["SECRET_KEY1"]',
  'sk-fading-circle-animation-one',
  'risk-assessment-of-something-very-long-indeed',
  fake('AK', 'IAIOSFODNN7EXAMPLE'),
  'const header = "-----BEGIN PRIVATE KEY-----"',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
]
for (const text of harmless) test(`left alone: ${text}`, (t) => t.is(redact(text), text))

test('what was redacted stays as it is', (t) => {
  const secrets = Object.values(sure).map((value, n) => ({ name: `S${n}_PASSWORD`, value }))
  const piece = fc.oneof(
    fc.constantFrom(
      ...Object.values(sure),
      ...loose.map(([, text]) => text),
      ' password ',
      '_KEY=',
      'Bearer ',
      '://a:',
      '@',
      '\n',
    ),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (parts) => {
      const redactors = [redactor({ secrets }), redactor({ secrets: [] })]
      return redactors.every((one) => {
        const once = one.redact(encode(parts.join(' '))).bytes
        return decode(one.redact(once).bytes) === decode(once)
      })
    }),
  )
  t.pass()
})

test('a value never survives, whatever stands around it', (t) => {
  const value = 'c0rrect-h0rse'
  const { redact: hide } = redactor({ secrets: [{ name: 'V', value }] })
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (before, after) => {
      const whole = Uint8Array.from([...before, ...encode(value), ...after])
      const hidden = Buffer.from(hide(whole).bytes)
      const inBase64 = hide(encode(Buffer.from(whole).toString('base64'))).bytes
      return !hidden.includes(value) && !Buffer.from(decode(inBase64), 'base64').includes(value)
    }),
    { numRuns: 1000 },
  )
  t.pass()
})

const heavy = [
  'x',
  'eyJ',
  'eyJ-',
  'eyJaaaaaaaaaaaa.',
  'sk-',
  '://a:',
  'a://b:c',
  '-----BEGIN RSA PRIVATE KEY-----',
  'password=',
  '_KEY="',
  '\\u0041\\',
  '&amp;&',
  '\n   ',
  'bearer ',
]
test('a megabyte takes no time to speak of, whatever it holds', (t) => {
  const { redact: hide } = redactor({ secrets: Object.values(sure).map((value, n) => ({ name: `S${n}`, value })) })
  for (const piece of heavy) {
    const started = process.cpuUsage()
    hide(encode(piece.repeat(Math.ceil(2 ** 20 / piece.length))))
    // About 10 to 60 ms when measured; a quadratic expression would take minutes.
    t.true(process.cpuUsage(started).user < 2_000_000, piece)
  }
})

test('two chunks overlap by more than the longest secret', (t) => {
  t.true(redactor({ secrets: [] }).overlap >= 8192)
})
