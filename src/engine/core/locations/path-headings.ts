/** A path that lines below it belong to. */
export interface PathHeading {
  readonly path: string
  /** Nothing else is on its line, so it is a place itself if no lines below belong to it. */
  readonly alone: boolean
  /** How the lines below name a line and a column. */
  readonly below: RegExp
}

const SECTIONS: readonly (Omit<PathHeading, 'path'> & { readonly heading: RegExp })[] = [
  {
    // Checkstyle's XML, and reports of linters in JUnit's XML; a test case in one self-closing tag has passed.
    heading: /^\s*<(?:file|testsuite) [^<>]{0,200}?\bname=["']([^"'<>]{1,400}\.\w{1,10})["']/,
    below: /^\s*<(?:error|testcase(?![^<>]*\/>)) (?=[^<>]{0,400}?\bline=["'](\d+))(?:[^<>]{0,400}?\bcolumn=["'](\d+))?/,
    alone: false,
  },
  // PHP_CodeSniffer
  { heading: /^FILE: (\S.{0,400})$/, below: /^ +(\d+) \| (?:ERROR|WARNING)/, alone: false },
  // PHPStan
  { heading: /^\s{1,4}Line\s{2,8}(\S{1,400})\s*$/, below: /^ {2,4}(\d+) {3,}\S/, alone: false },
  // RuboCop
  { heading: /^== (\S.{0,400}) ==$/, below: /^[A-Z]: +(\d+): +(\d+): /, alone: false },
  // Ruff
  { heading: /^([^\s:]{1,400}\.\w{1,10}):$/, below: /^ {1,8}(\d+):(\d+):? +[A-Z]{1,4}\d{2,4}\b/, alone: false },
  {
    // ESLint's stylish format and its kin: a line that is a path, and below it '  3:5  error  …'.
    heading: /^(?!.*\S {2})((?:\/|\.{0,2}\/|[A-Za-z]:\\|[\w@.-])[^:*?"<>|\t]{0,400}\.[A-Za-z]\w{0,9})$/,
    below: /^ {0,8}(\d+)(?::(\d+))? +(?:(?:error|warning|info)\b|\d+ (?=\w)|(?<=:\d{1,9} +)[✖⚠×])/i,
    alone: true,
  },
]

export function headingOf(line: string): PathHeading | null {
  if (!line.includes('.')) return null
  for (const { heading, ...rest } of SECTIONS) {
    const path = heading.exec(line)?.[1]
    if (path !== undefined) return { path, ...rest }
  }
  return null
}

/** The place in the file of the heading above. */
export function locationUnderHeading(
  { below }: PathHeading,
  line: string,
): { line: number; column: number | null } | null {
  const [, at, column] = below.exec(line) ?? []
  return Number(at ?? 0) > 0 ? { line: Number(at), column: column ? Number(column) : null } : null
}
