import { spawnSync } from 'node:child_process'
import test from 'ava'
import { bashCompletion } from '../../../src/commands/completion/bash.ts'
import { type DeclaredVerb, declaredVerbs } from '../../../src/commands/completion/declared.ts'
import { fishCompletion } from '../../../src/commands/completion/fish.ts'
import { zshCompletion } from '../../../src/commands/completion/zsh.ts'
import { VERBS } from '../../../src/commands/verbs.ts'
import { KEY_MODES } from '../../../src/engine/model/kinds.ts'

const verbs = await declaredVerbs(VERBS)

/** What the bash script would offer for a line; git's own functions that it calls are played. */
function offered(typed: string): string {
  const [verb = '', current = ''] = typed.split(' ')
  const played = `
    __git_find_on_cmdline() { case " $1 " in *" ${verb} "*) [ -z '${verb}' ] || echo '${verb}' ;; esac; }
    __gitcomp() { echo "$1"; }
    __gitcomp_nl() { echo "$1"; }
    __git_remotes() { echo origin; }
    __git_complete_refs() { echo REFS; }
    cur='${current}'
    _git_pp`
  const { stdout, stderr } = spawnSync('bash', ['-c', `${bashCompletion(verbs)}\n${played}`], { encoding: 'utf8' })
  return (stdout + stderr).trim()
}

test('bash offers the verbs first', (t) => {
  t.regex(offered(''), /^run prove replay .* completion gc help$/)
})

test('bash offers every option of a verb, those that take a value with their sign', (t) => {
  const options = offered('verify --').split(' ')
  t.true(options.includes('--trust='))
  t.true(options.includes('--exact'))
  t.false(options.includes('--flaky'))
})

test('bash offers the values of an option as the verb at hand takes them', (t) => {
  t.is(offered('prove --network='), 'deny allow')
  t.is(offered('verify --mode='), KEY_MODES.join(' '))
  t.is(offered('attest --mode='), [...KEY_MODES, 'none'].join(' '))
  t.is(offered('prove --history='), 'none tags')
})

test('bash offers commits, remotes and shells where a verb takes them', (t) => {
  t.is(offered('replay HE'), 'REFS')
  t.is(offered('push or'), 'origin')
  t.is(offered('completion z'), 'bash zsh fish')
})

/** Words that a shell could trip over. */
const odd: DeclaredVerb = {
  name: 'odd',
  summary: "it's 100 % [sure]: \\ yes",
  description: [],
  usage: [],
  examples: [],
  words: [],
  options: [
    { long: 'who', short: 'w', value: 'A:B', values: [], summary: "don't [ask]", details: null, default: null },
  ],
}

test('fish gets every text as one word', (t) => {
  const script = fishCompletion([odd])
  t.true(script.includes("-a odd -d 'it\\'s 100 % [sure]: \\\\ yes'"))
  t.true(script.includes("complete -c git-pp -n '__fish_seen_subcommand_from odd' -s w -l who -x -d 'don\\'t [ask]'"))
})

test('zsh gets every text as one word, brackets and colons escaped', (t) => {
  const script = zshCompletion([odd])
  t.true(script.includes(`'odd:it'\\''s 100 % [sure]: \\ yes'`))
  t.true(script.includes(`'*--who=[don'\\''t \\[ask\\]]:A\\:B: '`))
  t.true(script.includes(`'*-w+[don'\\''t \\[ask\\]]:A\\:B: '`))
})

test('fish and zsh know every verb and every option', (t) => {
  const [fish, zsh] = [fishCompletion(verbs), zshCompletion(verbs)]
  for (const { name, options } of verbs) {
    const lines = fish.split('\n').filter((line) => new RegExp(`subcommand_from [^']*\\b${name}\\b`).test(line))
    const zshCase = zsh.slice(zsh.indexOf(`    ${name})\n`)).split(';;')[0] ?? ''
    for (const { long, value } of options) {
      t.true(
        lines.some((line) => line.includes(` -l ${long} `)),
        `fish: --${long} of ${name}`,
      )
      t.true(zshCase.includes(`'*--${long}${value === null ? '' : '='}[`), `zsh: --${long} of ${name}`)
    }
  }
})
