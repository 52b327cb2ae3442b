import { chmod, readFile } from 'node:fs/promises'
import { pp } from '../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(2)

/** Made up, of a form that nothing else has. */
const TOKEN = `ghp_${'Zx8Qw2Lk5Vn9Rt3Yb7Mc1Pd4Sf6Gh0'.padEnd(36, 'a')}`
const KEY = 'sk-proj-Zx8Qw2Lk5Vn9Rt3Yb7Mc1Pd4'
const FILES = { 'state.txt': 'bad\n' }
const COMMAND = 'grep -q good state.txt'
const NONE = ['--sandbox', 'none', '--network', 'allow']

/** Everything that a session left in the repository under any ref: commits, files, notes, bundles. */
async function kept(repo: TestRepo): Promise<string> {
  const objects = await repo.git('rev-list', '--all', '--objects', '--no-object-names')
  return repo.gitWith(objects, 'cat-file', '--batch')
}

test('a command line that holds a secret is wrong usage, and the secret is not repeated', async (t) => {
  const repo = await tempRepo(t, FILES)
  for (const words of [
    ['run', `curl -H "Authorization: ${TOKEN}" x`],
    ['prove', 'HEAD', `TOKEN=${TOKEN} sh x`],
    ['run', '--', 'sh', '-c', TOKEN],
  ]) {
    const { status, json, stdout, stderr } = await pp(repo, ['--json', ...words])
    t.is(status, 2, stdout)
    t.is(json.verdict, 'USAGE')
    t.regex(String(json.reason), /looks like a secret \(github-token\)/)
    t.false((stdout + stderr).includes(TOKEN))
  }
})

test('a proposal that carries a secret is refused, and the secret is nowhere', async (t) => {
  const repo = await tempRepo(t, FILES)
  const reply = `\`\`\`diff\n--- a/state.txt\n+++ b/state.txt\n@@ -1 +1,2 @@\n-bad\n+good\n+${TOKEN}\n\`\`\`\n`
  const args = ['run', COMMAND, '--provider', 'stub', '--json']
  const { status, json, stdout, stderr } = await pp(repo, args, { env: { PP_STUB_REPLY: reply } })
  t.not(status, 0, stdout)
  t.regex(JSON.stringify(json['attempts']), /"DENIED"/)
  t.false((stdout + stderr).includes(TOKEN))
  t.false((await kept(repo)).includes(TOKEN))
})

test('a change that carries a secret is not proved', async (t) => {
  for (const line of [TOKEN, `++ ${TOKEN}`]) {
    const repo = await tempRepo(t, FILES)
    await repo.write('state.txt', `good\n${line}\n`)
    const { status, json } = await pp(repo, ['prove', COMMAND, '--json'])
    t.is(json.verdict, 'DENIED', json.reason)
    t.is(status, 1)
  }
})

test('what a command prints of secret variables is masked in every notation before it is kept or shown', async (t) => {
  const secret = 'correct horse/battery+staple'
  const repo = await tempRepo(t, {
    ...FILES,
    'leak.py': `import os, base64, json, urllib.parse, binascii
s = os.environ["DB_PASSWORD"]
for lead in range(3):
    print(base64.b64encode(b"x" * lead + s.encode()).decode())
print(s, json.dumps({"password": s}), urllib.parse.quote(s, safe=""), binascii.hexlify(s.encode()).decode())
print(os.environ["GITHUB_TOKEN"] if "GITHUB_TOKEN" in os.environ else "no token")
raise SystemExit(1)
`,
  })
  const args = ['run', 'python3 leak.py', '--env', 'DB_PASSWORD', '--show-prompt']
  const env = { DB_PASSWORD: secret, GITHUB_TOKEN: TOKEN }
  const prompt = await pp(repo, args, { env })
  t.regex(prompt.stdout, /\[redacted:DB_PASSWORD\].*no token/s)
  const ran = await pp(repo, ['run', 'python3 leak.py', '--env', 'DB_PASSWORD', '--json'], { env })
  const everything = [prompt.stdout, ran.stdout, ran.stderr, await kept(repo)].join('\n')
  const notations = [0, 1, 2].map((lead) =>
    Buffer.from(`${'x'.repeat(lead)}${secret}`)
      .toString('base64')
      .slice(4, 30),
  )
  for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex'), ...notations, TOKEN])
    t.false(everything.includes(form), form)
})

test('no child gets a key of ours: not the command, not git, not an agent', async (t) => {
  const repo = await tempRepo(t, FILES)
  const [command, git, agent] = ['command', 'git', 'agent'].map((name) => `${repo.home}/seen-by-${name}`)
  await repo.write('../shim/git', `#!/bin/sh\nenv >>${git}\nPATH=${repo.env['PATH']} exec git "$@"\n`)
  await chmod(`${repo.home}/../shim/git`, 0o755)
  const keys = { PP_OPENAI_API_KEY: KEY, PP_ATTEST_HMAC_KEY: 'ab'.repeat(32) }
  const env = { ...keys, PATH: `${repo.home}/../shim:${repo.env['PATH']}`, PP_COMMAND: `env >${agent}` }
  await repo.git('config', 'pp.command-env', 'PP_ATTEST_HMAC_KEY,PP_OPENAI_API_KEY')
  const allowed = Object.keys(keys).flatMap((name) => ['--env', name])
  const args = ['run', `env >${command}; ${COMMAND}`, '--provider', 'command', ...allowed, ...NONE, '--json']
  const { json } = await pp(repo, args, { env })
  t.is(json.verdict, 'NOT_FIXED', json.reason)
  for (const seen of [command, git, agent]) {
    const text = await readFile(String(seen), 'utf8')
    t.regex(text, /^PATH=/m)
    for (const value of Object.values(keys)) t.false(text.includes(value), seen)
  }
  t.regex(JSON.stringify(json['warnings']), /can read the keys of this process: PP_ATTEST_HMAC_KEY, PP_OPENAI_API_KEY/)
})

test('without a sandbox nothing is signed by this process, and the proof says so', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.write('state.txt', 'good\n')
  const sign = ['--sign', 'hmac-sha256', '--key-env', 'PP_KEY', '--runs', '1']
  const env = { PP_KEY: 'ab'.repeat(32) }
  const { json } = await pp(repo, ['prove', COMMAND, ...sign, ...NONE, '--json'], { env })
  t.is(json.verdict, 'PROVED', json.reason)
  t.regex(JSON.stringify(json['warnings']), /not signed, because without a sandbox the command could have read the key/)
  t.is(await repo.git('for-each-ref', 'refs/notes/pp/attestations', 'refs/notes/pp-local/attestations'), '')
})

test('untracked files that look like secrets reach neither the base, nor the context, nor the copy of an agent', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.write('.env', `API_TOKEN=${KEY}\n`)
  await repo.write('id_rsa', KEY)
  await repo.write('notes.txt', 'see .env and id_rsa\n')
  const seen = `${repo.home}/seen`
  const agent = `find . -not -path './.git/*' >${seen}; cat >>${seen}; cat .env id_rsa >>${seen} 2>/dev/null`
  const env = { PP_COMMAND: agent }
  await pp(repo, ['run', `cat notes.txt; ${COMMAND}`, '--provider', 'command', '--json'], { env })
  const text = await readFile(seen, 'utf8')
  t.regex(text, /^\.\/notes\.txt$/m)
  t.notRegex(text, /^\.\/(\.env|id_rsa)$/m)
  t.false(text.includes(KEY))
  t.false((await kept(repo)).includes(KEY))
})

const VALUE = 'Canary-hunter2_Kp9xWv4T'
const CALC = {
  'calc.py': 'def add(a, b):\n    return a - b\n',
  'test_calc.py': `import os
import pytest
from calc import add


@pytest.mark.parametrize("x", [os.environ["SERVICE_TOKEN"]])
def test_add(x):
    assert (add(2, 3), x) == (5, os.environ["SERVICE_TOKEN"])
`,
}
const PYTEST = 'PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 python3 -m pytest -q -p no:cacheprovider'
const mended = { SERVICE_TOKEN: VALUE }

test('a secret in the name of a test is in no note and no answer, and the proof is replayed', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.write('calc.py', 'def add(a, b):\n    return a + b\n')
  await repo.git('commit', '-qam', 'Add')
  const options = ['--env', 'SERVICE_TOKEN', '--runs', '2', '--json']
  const proved = await pp(repo, ['prove', 'HEAD', PYTEST, ...options], { env: mended })
  t.is(proved.json.verdict, 'PROVED', proved.json.reason)
  t.regex(JSON.stringify(proved.json['flipped']), /test_add\[\[redacted:SERVICE_TOKEN\]\]/)
  const replayed = await pp(repo, ['replay', 'HEAD', '--env', 'SERVICE_TOKEN', '--json'], { env: mended })
  t.is(replayed.json.verdict, 'REPRODUCED', replayed.json.reason)
  const shown = await Promise.all(
    [['show'], ['report', '--format', 'html'], ['report'], ['log'], ['verify', 'HEAD', '--allow-unsigned']].map(
      (words) => pp(repo, words),
    ),
  )
  const everything = [proved, replayed, ...shown].map(({ stdout, stderr }) => stdout + stderr).join('\n')
  t.false((everything + (await kept(repo))).includes(VALUE))
})

test('an agent that writes the value of a variable into a file, a name or a binary file is DENIED', async (t) => {
  const writes = [
    `printf 'good\\n%s\\n' "$DB_PASSWORD" >state.txt`,
    `echo good >state.txt; echo x >"$DB_PASSWORD.txt"`,
    `echo good >state.txt; printf '\\000%s\\000' "$DB_PASSWORD" >blob.bin`,
    `echo good >state.txt; printf %s "$DB_PASSWORD" | base64 | fold -w 10 >wrapped.txt`,
  ]
  for (const agent of writes) {
    const repo = await tempRepo(t, FILES)
    await repo.git('config', 'pp.command-env', 'DB_PASSWORD')
    const env = { DB_PASSWORD: VALUE, PP_COMMAND: agent }
    const args = ['run', COMMAND, '--provider', 'command', '--no-minimize', '--runs', '1', '--json']
    const { status, json, stdout, stderr } = await pp(repo, args, { env })
    t.is(json.verdict, 'DENIED', `${agent}: ${json.reason}`)
    t.is(status, 1)
    t.regex(stdout, /the value of the variable DB_PASSWORD/)
    const base64 = Buffer.from(VALUE).toString('base64').slice(0, 10)
    for (const form of [VALUE, base64]) t.false((stdout + stderr + (await kept(repo))).includes(form), agent)
  }
})

test('a value that is short, common or a word of the tracked files is masked only after its name, and doctor lists it', async (t) => {
  const repo = await tempRepo(t, {
    ...FILES,
    'compose.yaml': 'POSTGRES_PASSWORD: integration-db\n',
    'leak.sh': 'echo "host integration-db"; echo "DB_PASSWORD=$DB_PASSWORD"; exit 1\n',
  })
  const env = { DB_PASSWORD: 'integration-db', API_KEY: 'short', TOKEN_SECRET: VALUE }
  const { json } = await pp(repo, ['run', 'sh leak.sh', '--env', 'DB_PASSWORD', '--json'], { env })
  t.not(json.verdict, 'USAGE')
  const notes = await kept(repo)
  t.true(notes.includes('host integration-db'))
  t.true(notes.includes('DB_PASSWORD=[redacted:DB_PASSWORD]'))
  const doctor = await pp(repo, ['doctor'], { env })
  t.regex(doctor.stdout, /API_KEY, DB_PASSWORD: the value is shorter than 8 characters, a common word or a word of/)
  t.false(doctor.stdout.includes(VALUE))
})

test('a command that holds the value of a variable is status 2', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { status, stdout } = await pp(repo, ['run', `grep -q ${VALUE} state.txt`, '--json'], {
    env: { DB_PASSWORD: VALUE },
  })
  t.is(status, 2)
  t.false(stdout.includes(VALUE))
})

const REPORTS = {
  'a file name, a suite and a message of a TAP report': `echo "1..1"; echo "not ok 1 - $DB_PASSWORD/test.js adds"; echo "  ---"; echo "  message: 'expected $DB_PASSWORD'"; echo "  ..."; grep -q good state.txt`,
  'a JUnit report of its own making': `printf '<testsuite name="%s"><testcase classname="%s" name="t" file="%s.py"><failure message="%s"/></testcase></testsuite>' "$DB_PASSWORD" "$DB_PASSWORD" "$DB_PASSWORD" "$DB_PASSWORD" >"$PP_REPORTS/junit.xml"; grep -q good state.txt || { echo "AssertionError: $DB_PASSWORD" >&2; exit 1; }`,
  'the first line of an error': `grep -q good state.txt || { echo "ValueError: $DB_PASSWORD is wrong" >&2; exit 1; }`,
}
for (const [what, command] of Object.entries(REPORTS))
  test(`a secret in ${what} is nowhere in what is kept or shown`, async (t) => {
    const repo = await tempRepo(t, FILES)
    await repo.write('state.txt', 'good\n')
    const args = ['prove', command, '--env', 'DB_PASSWORD', '--runs', '1']
    const env = { DB_PASSWORD: VALUE }
    const ran = [await pp(repo, [...args, '--json'], { env }), await pp(repo, args, { env })]
    const shown = await Promise.all([['show'], ['report', '--format', 'html'], ['log']].map((words) => pp(repo, words)))
    const everything = [...ran, ...shown].map(({ stdout, stderr }) => stdout + stderr).join('\n')
    t.false((everything + (await kept(repo))).includes(VALUE))
    t.regex(everything, /\[redacted:DB_PASSWORD\]/)
  })

test('a commit whose message or subject holds the value of a variable is DENIED by --each, which does not repeat it', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.commit(`Mend it with ${VALUE}`, { 'state.txt': 'good\n' })
  const { stdout, stderr, json } = await pp(repo, ['prove', 'HEAD~1..HEAD', COMMAND, '--each', '--json'], {
    env: { DB_PASSWORD: VALUE },
  })
  t.regex(JSON.stringify(json), /"DENIED"/)
  t.false((stdout + stderr).includes(VALUE))
})
