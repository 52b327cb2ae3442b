const PATH = String.raw`((?:file:\/\/)?[^\s:'"()][^:'"()\n]{0,400})`

/** How runners say in which file a test that failed stands, one line each. A frame of a stack trace is none of them. */
const SPOTS: readonly RegExp[] = [
  // node:test, as a person reads it and as TAP
  new RegExp(`^\\s*test at ${PATH}:\\d+:\\d+$`),
  new RegExp(`^\\s+location: ['"]${PATH}:\\d+:\\d+['"]$`),
  // jest, vitest, playwright
  /^\s*FAIL {1,2}(?:\|?[\w-]+\|? )?(\S.*?\.[cm]?[jt]sx?)(?: (?:>|\().*)?$/,
  /^\s*\d+\) (?:\[\w+\] › )?(\S+\.[cm]?[jt]sx?):\d+:\d+ › /,
  // mocha and tape call the function of a test itself by a name of theirs
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
  // assert(3) in the function that begins the program, or in one that calls itself a test
  /^\S+: (\S+?):\d+: (?:\w[\w ]*[ *])?(?:main|\w*[Tt]ests?\w*|\w*[Cc]hecks?\w*)(?:\([^()]*\))?: Assertion /,
  /^Assertion failed: .*function (?:main|\w*[Tt]est\w*), file (\S+?), line \d+\.$/,
]

/** The paths that an output names so, as they are printed. */
export function assertionFilesIn(output: string): string[] {
  const paths = output
    .split('\n')
    .flatMap((line) => (line.length > 2000 ? [] : SPOTS.flatMap((spot) => spot.exec(line)?.[1] ?? [])))
  return [...new Set(paths)].map((path) => path.replace(/^file:\/\//, ''))
}

const PYTHON_FRAME = /^ {2}File "([^"]{1,400})", line \d+, in (.{1,200})$/
const NODE_FRAME = /^ {4}at (?:(?:async )?([^()]{1,200}) \()?((?:file:\/\/)?\/[^():]{1,400}):\d+:\d+\)?$/

/**
 * The files whose own code failed an assertion where only a test asserts: while it is loaded, or in a function that calls itself
 * a test. What a function of another name asserts may be the product's own care.
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

/** The innermost frame stands last, above the exception. */
function pythonFrame(lines: readonly string[], at: number): RegExpExecArray | null {
  for (let up = at - 1; up >= Math.max(0, at - 6); up--) {
    const frame = PYTHON_FRAME.exec(lines[up] ?? '')
    if (frame) return /^\s*assert\b/.test(lines[up + 1] ?? '') ? frame : null
  }
  return null
}

/** The innermost frame stands first, below the exception and what it says. */
function nodeFrame(lines: readonly string[], at: number): readonly (string | undefined)[] | null {
  const frames = lines.slice(at + 1, at + 60).flatMap((line) => {
    const [all, name, path] = NODE_FRAME.exec(line) ?? []
    return path === undefined || path.includes('/node_modules/') ? [] : [[all, path, name ?? '']]
  })
  return frames[0] ?? null
}
