import { execFileSync } from 'node:child_process'
import { Parser } from '@oclif/core'
import test from 'ava'
import { parseCommandLine } from '../../../src/commands/command-line.ts'
import { grammarOf } from '../../../src/commands/verb.ts'
import { VERBS } from '../../../src/commands/verbs.ts'

/** The words of a line after `git pp`, as a shell hands them over; what stands before it, and where the output goes, is cut off. */
function wordsOf(line: string): readonly string[] {
  const [own = ''] = (/\bgit pp (.*)/.exec(line)?.[1] ?? '').split(/ [|>] /)
  return execFileSync('sh', ['-c', `printf '%s\\n' ${own}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n')
}

for (const [name, { load }] of VERBS) {
  test(`the help of ${name} ends with two examples or more, and each can be typed`, async (t) => {
    const { default: Class } = await load()
    const examples = (Class.examples ?? []).map(String)
    t.true(examples.length >= 2)
    for (const line of examples) {
      const [verb, ...words] = wordsOf(line)
      t.true(name.startsWith(verb ?? '-'), line)
      const typed = parseCommandLine(words, grammarOf(Class))
      t.true(typed.ok, `${line}: ${typed.ok ? '' : typed.message}`)
      if (!typed.ok) continue
      await t.notThrowsAsync(Parser.parse([...typed.options], { flags: { ...Class.baseFlags, ...Class.flags } }), line)
    }
  })
}
