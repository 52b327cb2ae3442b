import test from 'ava'
import { secretPath } from '../../../../src/engine/core/redact/secret-path.ts'
import {
  dotenvSecrets,
  isSecretName,
  parseDotenv,
  secretsInVariables,
  withoutQuotedKey,
} from '../../../../src/engine/core/redact/secret-variables.ts'

test('names of variables that hold secrets', (t) => {
  const names = [
    'GITHUB_TOKEN',
    'TOKEN',
    'DB_PASSWORD',
    'MYSQL_PWD',
    'API_KEY',
    'apikey',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_ACCESS_KEY_ID',
    'PGPASSWORD',
    'SENTRY_DSN',
    'CLIENT_SECRET',
    'NPM_AUTH',
    'PP_ATTEST_HMAC_KEY',
    'SSH_PRIVATE_KEY',
    'GOOGLE_CREDENTIALS',
    'SLACK_WEBHOOK_URL',
  ]
  for (const name of names) t.true(isSecretName(name), name)
})

test('names of variables that do not', (t) => {
  const names = [
    'PATH',
    'PWD',
    'OLDPWD',
    'HOME',
    'SSH_AUTH_SOCK',
    'PP_OPENAI_MAX_TOKENS',
    'TOKENIZERS_PARALLELISM',
    'KEYBOARD',
    'XDG_SESSION_ID',
    'GIT_ASKPASS',
    'GOOGLE_APPLICATION_CREDENTIALS_FILE',
    'MONKEY',
    'COMPASS',
    'KEY_ENV',
    'AUTHOR',
    'NODE_ENV',
    'LANG',
  ]
  for (const name of names) t.false(isSecretName(name), name)
})

test('secrets among variables: secret-named ones and passwords in URLs', (t) => {
  t.deepEqual(
    secretsInVariables({
      HOME: '/root',
      MY_TOKEN: 'abc123',
      EMPTY_TOKEN: '',
      GONE_TOKEN: undefined,
      DATABASE_URL: 'postgres://me:p%40ss@db/x',
    }),
    [
      { name: 'MY_TOKEN', value: 'abc123' },
      { name: 'DATABASE_URL', value: 'p%40ss' },
      { name: 'DATABASE_URL', value: 'p@ss' },
    ],
  )
})

test('a key that a server quotes is hidden, and one of a letter is not looked for in every word', (t) => {
  t.is(withoutQuotedKey('Incorrect API key: Zx8Qw2Lk5Vn9', 'Zx8Qw2Lk5Vn9'), 'Incorrect API key: [key]')
  t.is(withoutQuotedKey('raise max_model_tokens', 'k'), 'raise max_model_tokens')
  t.is(withoutQuotedKey('no key was asked for', null), 'no key was asked for')
})

test('a dotenv file is read with its quotes, comments and line breaks', (t) => {
  const text = [
    '\ufeff# comment',
    'A=plain value # comment',
    'export B="with \\"quotes\\" and\\nbreak" # comment',
    "C='single # not a comment'",
    'D=`back "tick"`',
    'E=',
    'F="over',
    'two lines"',
    '  G : yaml-like ',
    'H=a#b=c',
    'not a line',
    'I=crlf\r',
  ].join('\n')
  t.deepEqual(
    parseDotenv(text).map(({ name, value }) => [name, value]),
    [
      ['A', 'plain value'],
      ['B', 'with "quotes" and\nbreak'],
      ['C', 'single # not a comment'],
      ['D', 'back "tick"'],
      ['F', 'over\ntwo lines'],
      ['G', 'yaml-like'],
      ['H', 'a#b=c'],
      ['I', 'crlf'],
    ],
  )
})

test('every value of a dotenv file is a secret but words that everybody uses', (t) => {
  t.deepEqual(
    dotenvSecrets('NODE_ENV=development\nHOST=localhost\nFOO=sesame\nPASSWORD=localhost\n').map(({ name }) => name),
    ['FOO', 'PASSWORD'],
  )
})

test('paths that by their name hold secrets', (t) => {
  const paths = [
    '.env',
    'a/.env',
    '.env.local',
    '.env.production',
    'prod.env',
    '.ENV',
    '.envrc',
    'server.pem',
    'tls/server.key',
    'id_rsa',
    'keys/id_ed25519',
    '.npmrc',
    '.netrc',
    '.pypirc',
    'cert.pfx',
    'vault.kdbx',
    '.aws/credentials',
    '.ssh/config',
    'credentials.json',
    'credentials',
    'google-credentials.json',
    'secrets/db.yaml',
    'a/secrets/x',
    'secrets.yml',
    'terraform.tfstate',
    'prod.tfvars',
    'service-account.json',
    '.docker/config.json',
    '.git-credentials',
    'kubeconfig',
  ]
  for (const path of paths) t.true(secretPath(path), path)
})

test('examples, public keys and source about secrets are no secrets', (t) => {
  const paths = [
    '.env.example',
    '.env.sample',
    '.env.template',
    'example.env',
    'id_rsa.pub',
    'src/secrets/store.ts',
    'src/credentials.py',
    'docs/secrets.md',
    'src/environment.ts',
    'keyboard.ts',
    'monkey',
    'src/key.ts',
    'tokens.css',
    'prod.tfvars.example',
  ]
  for (const path of paths) t.false(secretPath(path), path)
})
