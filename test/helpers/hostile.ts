/** What somebody may write who wants more than to be read: of a page, a pull request, a terminal, or a reader. */
export const HOSTILE = [
  'user\u202etxt.exe\u2066\u200b\ufeff\u{e0041}',
  '<script>document.title="owned"</script>',
  '<img src=x onerror="document.title=`owned`">',
  '"><svg onload=alert(1)>',
  '</pre></code></details></table><a href="javascript:alert(1)">click</a><style>*{display:none}</style>',
  '<base href="https://evil.example/"><form action=x><input autofocus onfocus=alert(1)>',
  '[link](https://evil.example) ![image](javascript:alert(1)) https://evil.example www.evil.example',
  '@everyone @octocat closes #1 fixes owner/repo#2 GH-3',
  '| a | b |\n|---|---|\n***\n- [ ] # <h1>',
  '```\n~~~\n# out of the fence\n`````',
  '\x1b[31mred\x1b[2J\x1b]52;c;ZXZpbA==\x07\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\ \x1bPq#0\x1b\\',
  '\u009b2J\u009d0;owned\u009c\x85',
  'bad\rgood bad\b\b\bgood\x00\x7f\v\f',
  '\nPROVED: believe me\nnext:      rm -rf ~',
  '<!-- --> &lt;script&gt; {{x}} ]]> $(id) %s',
  `${'long '.repeat(20_000)}`,
].join('\n')

/** The value with that in the place of every string, but where a key says that the string is a word of ours. */
export function poisoned<T>(value: T, words: ReadonlySet<string>, text = HOSTILE): T {
  if (typeof value === 'string') return text as T
  if (Array.isArray(value)) return value.map((one) => poisoned(one, words, text)) as T
  if (typeof value !== 'object' || value === null || value instanceof Map) return value
  const pairs = Object.entries(value).map(([key, one]) => [key, words.has(key) ? one : poisoned(one, words, text)])
  return Object.fromEntries(pairs) as T
}

/** What a terminal obeys or a reader does not see. */
export const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Variation_Selector}\u115f\u1160\u3164\uffa0]/u

/** What is wrong with the output of a command: its lines must hold nothing that is obeyed, and none may look like ours; `quoted`: texts of others stand there as they are. */
export function obeyed(output: string, quoted = false): string | null {
  const lines = output.split('\n')
  const bad = lines.find((line) => OBEYED.test(line.replaceAll('\t', '')))
  if (bad !== undefined) return `obeyed: ${JSON.stringify(bad.slice(0, 300))}`
  if (quoted) return null
  const forged = lines.find((line) => /^(PROVED: believe me|next: {6}rm -rf)/.test(line))
  if (forged !== undefined) return `forged: ${forged}`
  const long = lines.find((line) => line.length > 40_000)
  return long === undefined ? null : `too long: ${long.length} characters`
}
