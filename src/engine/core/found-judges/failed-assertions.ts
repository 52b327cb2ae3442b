const PATH = String.raw`((?:file:\/\/)?[^\s:'"()][^:'"()\n]{0,400})`

/** The lines in which runners name the file of a failed test. Frames of stack traces are not included. */
const SPOTS: readonly RegExp[] = [
  // node:test, as a person reads it and as TAP
  new RegExp(`^\\s*test at ${PATH}:\\d+:\\d+$`),
  new RegExp(`^\\s+location: ['"]${PATH}:\\d+:\\d+['"]$`),
  // jest, vitest, playwright
  /^\s*FAIL {1,2}(?:\|?[\w-]+\|? )?(\S.*?\.[cm]?[jt]sx?)(?: (?:>|\().*)?$/,
  /^\s*\d+\) (?:\[\w+\] › )?(\S+\.[cm]?[jt]sx?):\d+:\d+ › /,
  // mocha and tape: they give the function of a test a name of their own
  new RegExp(`^\\s*(?:at:?) (?:async )?(?:Context|Test)\\.<anonymous> \\(${PATH}:\\d+:\\d+\\)$`),
  // deno
  new RegExp(`^.+ => ${PATH}:\\d+:\\d+$`),
  // bats, rspec, minitest, Test::More
  /^#? *\(in test file (.+?), line \d+\)$/,
  /^rspec ['"]?(\S+?)(?::\d+|\[[\d:]+\])['"]? # /,
  /^\S+#test_\w+ \[(.+?):\d+\]:$/,
  /^# {3}at (.+?) line \d+\.$/,
  // Unity, Check, GoogleTest, Catch2, doctest and Boost.Test for C and C++
  /^(\S+?):\d+:\w+:FAIL(?::|$)/,
  /^(\S+?):\d+:[FE]:[^:]*:[^:]*:\d+: /,
  /^(\S+?):\d+: (?:Failure|FAILED:)$/,
  /^(\S+?)\(\d+\): (?:FAILED:|ERROR: (?:CHECK|REQUIRE)|(?:fatal )?error: in ")/,
  // assert(3) in main, or in a function whose name says that it is a test
  /^\S+: (\S+?):\d+: (?:\w[\w ]*[ *])?(?:main|\w*[Tt]ests?\w*|\w*[Cc]hecks?\w*)(?:\([^()]*\))?: Assertion /,
  /^Assertion failed: .*function (?:main|\w*[Tt]est\w*), file (\S+?), line \d+\.$/,
]

/** The paths that an output names in such lines, as they are printed. */
export function assertionFilesIn(output: string): string[] {
  const paths = output
    .split('\n')
    .flatMap((line) => (line.length > 2000 ? [] : SPOTS.flatMap((spot) => spot.exec(line)?.[1] ?? [])))
  return [...new Set(paths)].map((path) => path.replace(/^file:\/\//, ''))
}

const PYTHON_FRAME = /^ {2}File "([^"]{1,400})", line \d+, in (.{1,200})$/
const NODE_FRAME = /^ {4}at (?:(?:async )?([^()]{1,200}) \()?((?:file:\/\/)?\/[^():]{1,400}):\d+:\d+\)?$/

/**
 * The files whose own code failed an assertion at a place where only tests assert: while the file is loaded, or in a function
 * with the name of a test. An assertion in another function may be an internal check of the product.
 */
export function failedAssertionFiles(output: string): string[] {
  const lines = output.split('\n')
  return lines.flatMap((line, at) => {
    if (!/^(?:Uncaught )?AssertionError\b/.test(line)) return []
    const [, path, name = ''] = pythonFrame(lines, at) ?? nodeFrame(lines, at) ?? []
    return path !== undefined &&
      /^(?:<module>|(?:Object|Module)\.<anonymous>|\w*(?:test|check|spec|verify)\w*|)$/i.test(name)
      ? [path.replace(/^file:\/\//, '')]
      : []
  })
}

/** The innermost frame is the last one, directly above the exception. */
function pythonFrame(lines: readonly string[], at: number): RegExpExecArray | null {
  for (let up = at - 1; up >= Math.max(0, at - 6); up--) {
    const frame = PYTHON_FRAME.exec(lines[up] ?? '')
    if (frame) return /^\s*assert\b/.test(lines[up + 1] ?? '') ? frame : null
  }
  return null
}

/** The innermost frame is the first one, below the exception and its message. */
function nodeFrame(lines: readonly string[], at: number): readonly (string | undefined)[] | null {
  const frames = lines.slice(at + 1, at + 60).flatMap((line) => {
    const [all, name, path] = NODE_FRAME.exec(line) ?? []
    return path === undefined || path.includes('/node_modules/') ? [] : [[all, path, name ?? '']]
  })
  return frames[0] ?? null
}
