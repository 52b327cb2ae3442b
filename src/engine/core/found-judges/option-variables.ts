import type { SimpleCommand } from './shell-line.ts'

/** Names of variables from which programs take options, such as NODE_OPTIONS and PYTEST_ADDOPTS. */
const OPTIONS = /(?:^|_)(?:ADD)?(?:OPTIONS|OPTS)$/
/** Names of variables that list what a program loads, such as PYTEST_PLUGINS. */
const PLUGINS = /(?:^|_)PLUGINS$/

/**
 * The words that a simple command gives to programs through variables that it sets (`NODE_OPTIONS=… node`, `env …`,
 * `export …`), by the name of the variable. A name in a list of plugins has the option -p before it.
 */
export function optionsInVariables({ words, sets }: SimpleCommand): readonly (readonly [string, readonly string[]])[] {
  const first = words[0] ?? ''
  const assigned = /^(?:env|export|declare|typeset|readonly)$/.test(first)
    ? words.flatMap((word): [string, string][] => {
        const [, name, value] = /^(\w+)=(.*)$/s.exec(word) ?? []
        return name === undefined || value === undefined ? [] : [[name, value]]
      })
    : []
  return [...sets, ...assigned].flatMap(([name, value]) => {
    const listed = value.split(/[\s,]+/).filter((word) => word !== '')
    if (PLUGINS.test(name)) return [[name, listed.flatMap((word) => ['-p', word])] as const]
    return OPTIONS.test(name) ? [[name, listed] as const] : []
  })
}
