import { type SecretValue, SHORTEST_SECRET } from './secret-finder.ts'

/** A whole word of a name that shows a secret: API_KEY and TOKEN, but not KEYBOARD, MAX_TOKENS or TOKENIZERS_PARALLELISM. */
const WORD = /(?:^|_)(?:TOKEN|KEY|PASS|PAT|AUTH|DSN|COOKIE|SALT|PIN|PRIVATE|SIGNATURE)$/i
/** Parts that show a secret anywhere in the name. */
const PART =
  /SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|AUTH_?TOKEN|ACCESS_?TOKEN|_PWD$|_TOKEN_|WEBHOOK_URL|CONNECTION_?STRING/i
/** Names of variables that say where a secret is, not what it is. */
const ELSEWHERE = /(?:_ENV|_FILE|_PATH|_NAME|_SOCK|_DIR|_HELPER|_ASKPASS|_PROMPT|_EXPIRES(?:_AT)?|_TTL|_LENGTH|_TYPE)$/i

/** Does the name of an environment variable say that its value is a secret? */
export function isSecretName(name: string): boolean {
  return !ELSEWHERE.test(name) && (WORD.test(name) || PART.test(name))
}

/** The secrets among variables: values of variables with secret names, and passwords inside URLs, both decoded and as written. */
export function secretsInVariables(variables: Readonly<Record<string, string | undefined>>): SecretValue[] {
  return Object.entries(variables).flatMap(([name, value]) => {
    if (!value) return []
    return isSecretName(name) ? [{ name, value }, ...passwords(name, value)] : passwords(name, value)
  })
}

/** The values of variables that only setup sees: all of them are masked, whatever their names are. */
export function allValues(env: Readonly<Record<string, string | undefined>>, names: readonly string[]): SecretValue[] {
  return names.flatMap((name) => {
    const value = env[name]
    return value ? [{ name, value }, ...passwords(name, value)] : []
  })
}

/** A URL without a password, a host or a path: it only says where something is, and packages write it into many files. */
const ADDRESS = /^(?:[a-z][a-z0-9+.-]{0,20}:\/\/[^\s@]*|[\w-]+(?:\.[\w-]+)+(?::\d+)?|\/\S*)$/i

/** The values that no file which setup leaves behind may contain. */
export function forbiddenInFiles(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): SecretValue[] {
  return allValues(env, names).filter(
    (secret) => !isWeakSecret(secret) && (isSecretName(secret.name) || !ADDRESS.test(secret.value.trim())),
  )
}

/** 'postgres://me:p%40ss@host' → 'p%40ss', 'p@ss'. */
function passwords(name: string, value: string): SecretValue[] {
  const found = /^[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,256}:([^\s/]{1,512})@/i.exec(value)?.[1]
  if (found === undefined) return []
  const decoded = found.replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  return [...new Set([found, decoded])].map((password) => ({ name, value: password }))
}

/** Values that many files contain and that are no secrets; masking them would only make evidence hard to read. */
const COMMON = new Set(
  `password passw0rd password1 password123 changeme change-me changeit username anonymous undefined example.com
  12345678 123456789 1234567890 00000000 11111111
  localhost development production staging testing postgres postgresql default enabled disabled warning verbose
  127.0.0.1 0.0.0.0 us-east-1 us-west-2 eu-west-1 memory sqlite :memory: console redis://localhost:6379`.split(/\s+/),
)

/**
 * Whether a value is too short or too common, or one of `words` (values that stand in the tracked files). Such values occur in
 * much output by chance, and masking them everywhere would reveal them. They are masked only after their own names.
 */
export function isWeakSecret({ value }: Pick<SecretValue, 'value'>, words?: ReadonlySet<string>): boolean {
  const trimmed = value.trim()
  return [...trimmed].length < SHORTEST_SECRET || COMMON.has(trimmed.toLowerCase()) || words?.has(trimmed) === true
}

/** A foreign text without a key that it may quote. A weak key is not replaced, because it would be found in any word. */
export function withoutQuotedKey(text: string, key: string | null): string {
  return key === null || isWeakSecret({ value: key }) ? text : text.replaceAll(key, '[key]')
}

/** The values of a dotenv file to mask: all except common words, unless the name shows a secret. */
export function dotenvSecrets(text: string): SecretValue[] {
  return parseDotenv(text).filter(({ name, value }) => isSecretName(name) || !COMMON.has(value.toLowerCase()))
}

const LINE =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*(?:"((?:\\[\s\S]|[^"\\])*)"|'([^']*)'|`([^`]*)`|([^\r\n]*))/gm

/** NAME=value lines of a dotenv file: `export`, comments, three kinds of quotes, several lines inside quotes. */
export function parseDotenv(text: string): SecretValue[] {
  return [...text.replace(/^\ufeff/, '').matchAll(LINE)].flatMap(([, name = '', double, single, back, bare]) => {
    const value =
      double !== undefined ? unescaped(double) : (single ?? back ?? bare?.replace(/(?:^|[ \t]+)#.*$/, '').trim() ?? '')
    return value === '' ? [] : [{ name, value }]
  })
}

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter)
}
