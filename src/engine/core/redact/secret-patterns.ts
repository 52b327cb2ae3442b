import type { SecretRange } from './secret-finder.ts'
import { wordPresence } from './word-presence.ts'

/**
 * One form of secret. `sure`: nothing else looks like it, so a patch that adds one is refused. The part to hide is the first
 * group, or the whole match. Each expression takes linear time: it starts with a fixed text that cannot occur inside the run
 * that it reads, and every other repetition is bounded.
 */
interface SecretPattern {
  readonly rule: string
  readonly sure: boolean
  /** Texts of which one must occur, in any case, so that most outputs need no search. Two bytes or more. */
  readonly signs: readonly string[]
  readonly pattern: RegExp
}

/** A token with its own prefix, which is not in the middle of a word, followed by a run of characters. */
const token = (rule: string, signs: string, body: string): SecretPattern => ({
  rule,
  sure: true,
  signs: signs.split(' '),
  pattern: new RegExp(`(?<![A-Za-z0-9_-])${body}`, 'g'),
})
const form = (rule: string, sure: 'sure' | 'loose', signs: string, pattern: RegExp): SecretPattern => ({
  rule,
  sure: sure === 'sure',
  signs: signs.split(' '),
  pattern,
})

/** What cannot be a value: text that is already masked, a placeholder, a reference to a variable. */
const NO_VALUE = '(?!\\[redacted:|\\*\\*\\*|[$<({]|xxx|null\\b|undefined\\b|None\\b|process\\.|os\\.|env\\b)'
const VALUE = `["']?${NO_VALUE}([^\\s"'\`,;<>()]{6,})`

const FORMS: readonly SecretPattern[] = [
  token(
    'aws-access-key-id',
    'AKIA ASIA ABIA ACCA',
    '(?:AKIA|ASIA|ABIA|ACCA)(?![A-Z2-7]{0,16}EXAMPLE)[A-Z2-7]{16}(?![A-Za-z0-9])',
  ),
  token(
    'github-token',
    'gho_ ghp_ ghu_ ghs_ ghr_ github_pat_',
    '(?:gh[opusr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})',
  ),
  token('gitlab-token', 'gl', 'gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[A-Za-z0-9_-]{20,}'),
  token('slack-token', 'xox xapp-', '(?:xox[abceoprs]|xapp)-[A-Za-z0-9-]{10,}'),
  token(
    'stripe-key',
    '_live_ _test_ _prod_ whsec_',
    '(?:(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{32,})',
  ),
  token(
    'google-api-key',
    'AIza GOCSPX- ya29.',
    '(?:AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])|GOCSPX-[A-Za-z0-9_-]{28}|ya29\\.[A-Za-z0-9_-]{30,})',
  ),
  token('jwt', 'eyJ', 'eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{0,}'),
  token('npm-token', 'npm_', 'npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])'),
  token('pypi-token', 'pypi-AgEI', 'pypi-AgEI[A-Za-z0-9_-]{50,}'),
  token('rubygems-token', 'rubygems_', 'rubygems_[a-f0-9]{48}'),
  token('anthropic-key', 'sk-ant-', 'sk-ant-[A-Za-z0-9_-]{20,}'),
  token('openai-key', 'sk-', 'sk-(?:(?:proj|svcacct|admin|or-v1)-[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{32,})'),
  token('huggingface-token', 'hf_', 'hf_[A-Za-z0-9]{34,}'),
  token('sendgrid-key', 'SG.', 'SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}'),
  token('twilio-key', 'SK', 'SK[0-9a-f]{32}(?![A-Za-z0-9])'),
  token('docker-token', 'dckr_', 'dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,}'),
  token('digitalocean-token', '_v1_', 'do[opr]_v1_[a-f0-9]{64}'),
  token('shopify-token', 'shp', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}'),
  token('vault-token', 'hvs. hvb. hvr.', 'hv[sbr]\\.[A-Za-z0-9_-]{24,}'),
  token('telegram-token', ':AA', '[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])'),
  token('age-key', 'AGE-SECRET-KEY-1', 'AGE-SECRET-KEY-1[0-9A-Z]{58}'),
  form('azure-account-key', 'sure', 'AccountKey=', /AccountKey=([A-Za-z0-9+/]{86}==)/g),
  form(
    'webhook-url',
    'sure',
    'hooks.slack.com/',
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9+/]{30,})/g,
  ),
  form(
    'webhook-url',
    'sure',
    '/api/webhooks/',
    /discord(?:app)?\.com\/api\/webhooks\/([0-9]{10,20}\/[A-Za-z0-9_-]{30,})/g,
  ),
  form('url-password', 'loose', '://', /:\/\/[^\s:@/'"<>]{0,64}:(?!\[redacted:|\*\*\*|[$<{])([^\s:@/'"<>]{3,256})@/g),
  form('authorization', 'loose', 'bearer basic', /\b(?:bearer|basic)[ \t]{1,4}([A-Za-z0-9._~+/-]{16,}=*)/gi),
  form('npm-auth', 'loose', ':_', /:_(?:authToken|auth|password)[ \t]{0,4}=[ \t]{0,4}(?!\$|\[redacted:)([^\s]{6,})/g),
  form('netrc', 'loose', 'password', /\bpassword[ \t]{1,4}(?!\[redacted:)(?=[^\s]{0,64}\d)([^\s"'=:]{8,})/g),
  form(
    'assignment',
    'loose',
    '_TOKEN _SECRET _PASS _PWD _KEY _CREDENTIAL _AUTH',
    new RegExp(
      `_(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PWD|PASS|KEY|CREDENTIALS?|AUTH)["']?[ \\t]{0,4}[=:][ \\t]{0,4}${VALUE}`,
      'g',
    ),
  ),
  form(
    'assignment',
    'loose',
    'passw passphrase key token secret',
    new RegExp(
      `(?:passw(?:or)?d|passphrase|(?:api|secret|private)[_-]?key|(?:auth|access)[_-]?token|client[_-]?secret)["']?[ \\t]{0,4}[=:][ \\t]{0,4}(?=["']?[^\\s"']{0,64}\\d)${VALUE}`,
      'gi',
    ),
  ),
]

/** Every private key contains this. */
const KEY_SIGN = '-----BEGIN'
const signsIn = wordPresence([KEY_SIGN, ...FORMS.flatMap(({ signs }) => signs)])

/** The ranges of everything that looks like a secret; with 'sure', only of sure forms. */
export function secretPatternRanges(bytes: Uint8Array, only: 'all' | 'sure'): SecretRange[] {
  const signs = signsIn(bytes)
  const likely = FORMS.filter((one) => (only === 'all' || one.sure) && one.signs.some((sign) => signs.has(sign)))
  if (likely.length === 0 && !signs.has(KEY_SIGN)) return []
  const text = latin1(bytes)
  const found: SecretRange[] = signs.has(KEY_SIGN) ? privateKeys(text) : []
  for (const { rule, pattern } of likely) {
    for (const match of text.matchAll(pattern)) {
      const part = match[1] ?? match[0]
      const start = match.index + match[0].lastIndexOf(part)
      found.push({ start, end: start + part.length, name: rule })
    }
  }
  return found
}

/** In bytes: the largest distance between the first and the last line of one key. */
const LARGEST_KEY = 65_536

/**
 * Private key blocks (RFC 7468, OpenPGP), complete or cut off, with real or escaped line breaks. Searched without an
 * expression, so that it takes linear time.
 */
function privateKeys(text: string): SecretRange[] {
  const found: SecretRange[] = []
  const header = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
  let footer = -1
  for (let match = header.exec(text); match; match = header.exec(text)) {
    const body = header.lastIndex
    if (!/[A-Za-z0-9+/]{32}/.test(text.slice(body, body + 240))) continue
    if (footer < body) footer = text.indexOf('-----END', body)
    if (footer < 0) footer = text.length
    const end = Math.min(footer, body + LARGEST_KEY)
    found.push({ start: body, end, name: 'private-key' })
    header.lastIndex = end
  }
  return found
}

/** The places where bytes hold a secret of a sure form; for patches and command lines. Offsets in bytes. */
export function findSecrets(bytes: Uint8Array): { readonly rule: string; readonly offset: number }[] {
  return secretPatternRanges(bytes, 'sure').map(({ name, start }) => ({ rule: name, offset: start }))
}

/** One character for each byte, so that offsets stay the same. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
