import type { CodeNode } from '../../../model/code.ts'
import type { Finding, OverfittingRule, RuleInput } from '../rule.ts'
import { argumentsOf } from '../walk.ts'

/** What a program can see of the run that it is part of, by its dotted name in the standard library of a language. */
const SEEN: readonly (readonly [what: string, strength: number, names: RegExp])[] = [
  [
    'looks at its callers',
    0.9,
    /^(?:inspect\.(?:stack|currentframe|trace)|sys\._(?:getframe|current_frames)|traceback\.(?:extract_stack|format_stack|walk_stack|print_stack)|(?:\w*Error|Error)\(\)\.stack|Error\.(?:captureStackTrace|prepareStackTrace)|arguments\.callee|runtime\.Callers?|runtime\/debug\.(?:Print)?Stack|(?:std\.)?backtrace\.Backtrace|gc\.get_(?:referrers|objects)|inspect\.getsource\w*|linecache\.\w+)\b/,
  ],
  [
    'looks at which modules are loaded',
    0.9,
    /^(?:sys\.modules|__main__|require\.cache|module\.(?:parent|children)|process\.mainModule)\b/,
  ],
  [
    'reads the environment',
    0.7,
    /^(?:os\.(?:environb?|getenv|Getenv|LookupEnv|Environ)|process\.env|(?:std\.)?env\.(?:vars?|var_os)|(?:Deno|Bun)\.env)\b/,
  ],
  [
    'reads the arguments of the command line',
    0.7,
    /^(?:sys\.(?:argv|orig_argv)|process\.(?:argv0?|execArgv|title)|os\.Args|(?:std\.)?env\.args(?:_os)?|require\.main)\b/,
  ],
  [
    'reads the clock',
    0.5,
    /^(?:time\.(?:time|monotonic|perf_counter|process_time)(?:_ns)?\(\)|(?:datetime\.)?(?:datetime|date)\.(?:now|utcnow|today)\(\)|Date\.now\(\)|performance\.now\(\)|process\.(?:hrtime|uptime)|time\.Now\(\)|(?:std\.time\.)?(?:Instant|SystemTime)\.now\(\))/,
  ],
  ['watches other code run', 0.8, /^(?:sys\.(?:settrace|setprofile|addaudithook|gettrace)|threading\.settrace)\b/],
  [
    'starts another program',
    0.5,
    /^(?:subprocess\.\w+|os\.(?:system|popen|spawn\w+|fork)|child_process\.\w+|os\/exec\.Command|(?:std\.)?process\.Command)\b/,
  ],
  ['runs a text as code', 0.4, /^(?:eval|exec|Function)\(\)$/],
  [
    'looks through folders',
    0.5,
    /^(?:os\.(?:listdir|walk|scandir|ReadDir)|glob\.i?glob|fs\.(?:promises\.)?(?:readdir|readdirSync|globSync|glob)|(?:std\.)?fs\.read_dir)\b/,
  ],
  [
    'looks at the process or the machine that it runs on',
    0.4,
    /^(?:os\.(?:getp?pid|getcwd|hostname|Getp?pid|Getwd|Hostname)|process\.(?:p?pid|cwd)|socket\.gethostname|platform\.node|getpass\.getuser)\b/,
  ],
]
/** Attributes of a stack frame. */
const FRAME = /^(?:f_back|f_locals|f_globals|f_code|tb_frame|code_context)$/

export default {
  kind: 'surroundings',
  finds:
    'reads the environment, the command line, the clock, the call stack or the loaded modules, which the file did not read before',
  find(input) {
    return input.fresh.flatMap((node): Finding[] => {
      const seen = seenBy(node, input)
      if (seen === null) return []
      const does = `${seen.what} (${seen.name}), so it can do something else in a test than elsewhere`
      return [{ line: node.line, does, strength: seen.strength }]
    })
  },
} satisfies OverfittingRule

interface Seen {
  readonly what: string
  readonly name: string
  readonly strength: number
}

function seenBy(node: CodeNode, { names, earlier }: RuleInput): Seen | null {
  if (!['member', 'name', 'call', 'index'].includes(node.is)) return null
  const last = node.is === 'member' ? (node.children.at(-1)?.text ?? '') : ''
  if (FRAME.test(last)) return { what: 'looks at its callers', name: last, strength: 0.9 }
  // The import alone reads nothing.
  if (node.parent?.is === 'import' || node.parent?.parent?.is === 'import') return null
  const name = names.of(node)
  if (name === null) return null
  // A date that is made of something is not the time of the run.
  if (name === 'Date()' && argumentsOf(node).length === 0 && !earlier.uses('Date'))
    return { what: 'reads the clock', name: 'new Date', strength: 0.5 }
  for (const [what, strength, pattern] of SEEN) {
    const found = pattern.exec(name)?.[0]
    if (found === undefined) continue
    if (earlier.uses(found.replace(/\(\)$/, ''))) return null
    return { what, strength, name: found.replace(/\(\)$/, '') }
  }
  return null
}
