import type { CodeNode } from '../../../model/code.ts'
import type { Finding, OverfittingRule } from '../rule.ts'

/** What ends a process, or decides how it ends, by its dotted name. */
const ENDS =
  /^(?:os\._exit|os\.(?:abort|kill|killpg|exec\w+)|sys\.exit|exit\(\)|quit\(\)|SystemExit|signal\.(?:raise_signal|alarm)|atexit\.register|process\.(?:exit|reallyExit|abort|kill|exitCode)|Deno\.exit|os\.Exit|syscall\.(?:Exit|Kill)|runtime\.Goexit|(?:std\.)?process\.(?:exit|abort))\b/
/** What a test runner offers to end a test or a session before its end. */
const LEAVES = /^_?(?:pytest|unittest|nose)\b.*\.?(?:exit|skip\w*|xfail|fail|SkipTest|importorskip)\b/i
/** Events of a Node process that let code decide how the process ends. */
const EVENT = /^process\.(?:on|once|addListener|prependListener)$/
const END_EVENT = /^['"`](?:exit|beforeExit|uncaughtException\w*|unhandledRejection)['"`]$/

export default {
  kind: 'process-end',
  finds: 'ends the process or the test, or decides how the process ends, in a file that did not do so before',
  find({ fresh, names, earlier }) {
    return fresh.flatMap((node): Finding[] => {
      if (node.is !== 'member' && node.is !== 'call' && node.is !== 'name') return []
      if (node.parent?.is === 'import' || node.parent?.parent?.is === 'import') return []
      const name = names.of(node)
      const found = name === null ? null : endedBy(name, node)
      return name === null || found === null || earlier.uses(name) ? [] : [{ line: node.line, ...found }]
    })
  },
} satisfies OverfittingRule

function endedBy(name: string, node: CodeNode): Omit<Finding, 'line'> | null {
  const found = ENDS.exec(name)?.[0]
  if (found !== undefined) return { does: `ends the process, or decides how it ends (${found})`, strength: 0.88 }
  if (LEAVES.test(name)) return { does: `ends the test before its end (${name})`, strength: 0.95 }
  const isEvent = EVENT.test(name) && node.parent?.is === 'call' && END_EVENT.test(argumentText(node.parent.text))
  return isEvent ? { does: 'runs when the process ends, and can decide how it ends', strength: 0.85 } : null
}

/** The text of the first argument. */
function argumentText(call: string): string {
  return /\(\s*([^,)]*?)\s*[,)]/.exec(call)?.[1] ?? ''
}
