/** One place that a line of text names. */
export interface SourcePosition {
  readonly path: string
  readonly line: number | null
  readonly column: number | null
}

// The characters of a path; [id] and (group) are allowed as whole parts. The colon after a Windows drive is the only colon
// inside.
const CHAR = String.raw`[\p{L}\p{N}_.@+$%~/\\-]`
const PATH = String.raw`(?<!${CHAR})((?:[A-Za-z]:(?=[\\/]))?(?:${CHAR}|\[[\w.-]{1,60}\]|\([\w.-]{1,60}\)(?=/)){1,400})`

interface PositionPattern {
  readonly pattern: RegExp
  /** A part of the line that must be there before the pattern is tried. */
  readonly hint: RegExp
}

const rule = (pattern: string, hint: RegExp): PositionPattern => ({ pattern: new RegExp(pattern, 'gu'), hint })

/** How tools write path, line and column: group 1, 2 and 3. */
const RULES: readonly PositionPattern[] = [
  // Python, OCaml, YAML: File "x.py", line 3   in "x.yml", line 3, column 5
  rule(String.raw`"([^"\n<>]{1,400})", lines? (\d+)(?:, (?:column|characters?) (\d+))?`, /", line/),
  // GitHub: ::error file=x.js,line=3,col=5::
  rule(
    String.raw`^::\w{1,10} (?=[^:\n]{0,600}?\bfile=([^,:\n]{1,400}))(?=[^:\n]{0,600}?\bline=(\d+))(?:[^:\n]{0,600}?\bcol(?:umn)?=(\d+))?`,
    /^::\w+ /,
  ),
  // Most tools: x.c:3:5   x.go:3   also after file:// and after a drive; a browser's x.js?t=1:3:5, a link's x.py#L3
  rule(String.raw`${PATH}(?:\?[\w=&.-]{0,100})?(?::|#L)(\d+)(?::(\d+))?(?![\p{L}\p{N}_])`, /[:L]\d/),
  // tsc, MSVC, C#, pdb: x.ts(3,5)   x.cpp(3)
  rule(String.raw`${PATH}\((\d+)(?:[,:] ?(\d+))?\)`, /\(\d/),
  // Kotlin, GHC, Maven: x.kt: (3, 5)   x.hs:(3,1)-(5,2)   x.java:[3,5]
  rule(String.raw`${PATH}: ?[([](\d+)[,:] ?(\d+)[)\]]`, /: ?[([]\d/),
  // Sass: line 3 of x.scss
  rule(String.raw`\bline (?=\d{1,9}(?:, column \d{1,9})? (?:of|in) ['"]?${PATH})(\d+)(?:, column (\d+))?`, /\bline \d/),
  // Shells, Perl, PHP, Terraform, C#: x.sh: line 3   at x.pl line 3   in x.php on line 3   x.cs:line 3
  rule(String.raw`${PATH}["'${'`'}]?[:,]? ?\(?(?:on |at )?lines? (\d+)(?:, col(?:umn)? (\d+))?`, /\blines? \d/),
  // ksh: x.sh[3]: message
  rule(String.raw`${PATH}\[(\d+)\]: ()`, /\[\d+\]: /),
  // Black: x.py: Cannot parse: 3:5: message
  rule(String.raw`${PATH}: [^:\n]{1,80}: (\d+):(\d+): `, /: \d+:\d+: /),
  // dash: x.sh: 3: message
  rule(String.raw`^${PATH}: (\d+): ()`, /^[^ ]+: \d+: /),
  // webpack, rollup, Dart, vi: ./x.js 3:5   x.js (3:5)   x.c +3:5
  rule(String.raw`${PATH} [(+]?(\d+):(\d+)(?![\p{L}\p{N}_]|:\d)`, / [(+]?\d+:\d/),
  // Babel, Prettier: x.js: message (3:5)
  rule(String.raw`(?=[^\s:]*[./])${PATH}: [^\n]{1,300}? \((\d+):(\d+)\)$`, /\(\d+:\d+\)$/),
]

/** A URL that a browser loads: the path of the project follows the name of the server. */
const HOST = /\bhttps?:\/\/[^\s/()]{1,200}(?=\/)/g
const PER_LINE = 20
const INTERESTING = /[:([L]\d|\blines?[ =]\d|: \(?\d| [(+]?\d+:\d/

/** Any word may be a path next to 'line 3'; elsewhere a path needs a dot or a slash, or ends in 'file' as Makefile does. */
function isPath(path: string, match: string): boolean {
  return /\p{L}/u.test(path) && (/[./\\]|file$/.test(path) || /\blines? \d|: \d+: /.test(match))
}

/**
 * Every place with a line number that a line of text names, in the order of the rules. A part of the line that one rule has
 * read is not read by another.
 */
export function positionsInLine(text: string): SourcePosition[] {
  if (!INTERESTING.test(text)) return []
  const line = text.includes('://') ? text.replace(HOST, '') : text
  const found: (SourcePosition & { readonly from: number; readonly to: number })[] = []
  for (const { pattern, hint } of RULES) {
    if (!hint.test(line)) continue
    for (const match of line.matchAll(pattern)) {
      const [whole, path, at, column] = match
      const [from, to] = [match.index, match.index + whole.length]
      if (found.length === PER_LINE) break
      if (path === undefined || Number(at) === 0 || !isPath(path, whole)) continue
      if (found.some((one) => from < one.to && one.from < to)) continue
      found.push({ path, line: Number(at), column: column ? Number(column) : null, from, to })
    }
  }
  return found.map(({ path, line: at, column }) => ({ path, line: at, column }))
}

const WITHOUT_LINE: readonly RegExp[] = [
  /^(?:FAILED|ERROR|SUBFAIL(?:ED)?\S*) (\S[^:\n]{0,400})::/,
  /^ImportError while loading conftest '([^'\n]{1,400})'/,
  /^ {2}inifile: (\S.{0,400})$/,
  new RegExp(String.raw`^(?:FAILED|ERROR:?|SUBFAIL(?:ED)?\S*) ${PATH}(?:::|$| )`, 'u'),
  new RegExp(String.raw`^\s*(?:FAIL|✘|✖|❌)\s+(?:\|?[\w-]+\|? )?${PATH}(?= |$)`, 'u'),
  new RegExp(`^_+ ERROR collecting ${PATH} _+$`, 'u'),
  new RegExp(String.raw`\b(?:imported )?from '?${PATH}'?$|^\s*- ${PATH}(?: \(\d+ [a-z]|$)`, 'u'),
  new RegExp(String.raw`\b(?:Error compiling|would reformat|ERROR in) ['"]?${PATH}`, 'u'),
  new RegExp(String.raw`\bError: [^\n]{1,300} \(${PATH}\)$`, 'u'),
  new RegExp(String.raw`^\[(?:warn|error)\] ${PATH}$`, 'u'),
  new RegExp(String.raw`${PATH}:\(\.\w+\+0x[0-9a-f]+\): `, 'u'),
]

/** A file that a line reports as wrong without a line number. */
export function fileWithoutLine(line: string): string | null {
  if (/^make(?:\[\d+\])?: \*\*\* No rule to make target/.test(line)) return 'Makefile'
  for (const pattern of WITHOUT_LINE) {
    const path = pattern.exec(line)?.slice(1).find(Boolean)
    if (path !== undefined && /[./]/.test(path)) return path
  }
  return null
}
