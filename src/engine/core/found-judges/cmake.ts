/** What a CMakeLists.txt says about tests. */
export interface CmakeTests {
  /** Programs that tests run, and the sources that they are compiled from. */
  readonly tests: readonly { readonly target: string; readonly from: readonly string[] }[]
  /** Directories that have a CMakeLists.txt of their own. */
  readonly below: readonly string[]
}

const COMMAND = /\b(set|add_executable|add_test|add_subdirectory|\w+_discover_tests)\s*\(([^()]*)\)/gi

/** Reads the parts that are unambiguous: lists that are written out, no generators. Never throws. */
export function cmakeTests(text: string): CmakeTests {
  const lists = new Map<string, readonly string[]>()
  const programs = new Map<string, readonly string[]>()
  const tested = new Set<string>()
  const below: string[] = []
  for (const [, verb = '', said = ''] of text.replace(/#.*$/gm, '').matchAll(COMMAND)) {
    const words = (said.match(/"[^"]*"|[^\s"]+/g) ?? []).slice(0, 2000).map((word) => word.replaceAll('"', ''))
    const [name = '', ...rest] = words.flatMap((word) => listed(word, lists)).slice(0, 2000)
    if (/^set$/i.test(verb)) lists.set(name, rest)
    else if (/^add_executable$/i.test(verb)) programs.set(name, rest)
    else if (/^add_subdirectory$/i.test(verb)) below.push(name)
    else
      for (const word of [name, ...rest]) tested.add(word.replace(/^\$<TARGET_FILE:(.*)>$/, '$1').replace(/^.*\//, ''))
  }
  const tests = [...programs].flatMap(([target, from]) => (tested.has(target) ? [{ target, from }] : []))
  return { tests, below }
}

function listed(word: string, lists: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const whole = /^\$\{(\w+)\}$/.exec(word)?.[1]
  if (whole !== undefined) return lists.get(whole) ?? []
  const here = word.replace(/^\$\{(?:CMAKE_CURRENT_SOURCE_DIR|CMAKE_SOURCE_DIR|PROJECT_SOURCE_DIR)\}\//, '')
  return [here.replace(/\$\{(\w+)\}/g, (_, name: string) => lists.get(name)?.[0] ?? '')]
}
