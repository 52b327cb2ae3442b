/** How a JavaScript or TypeScript test file imports a package; `null` = it does not. */
export function importOf(text: string, name: string): 'import' | 'require' | null {
  const quoted = `['"]${name}['"]`
  if (new RegExp(`\\bfrom\\s*${quoted}|^\\s*import\\s*${quoted}`, 'm').test(text)) return 'import'
  return new RegExp(`\\brequire\\(\\s*${quoted}\\s*\\)`).test(text) ? 'require' : null
}

export function isScript(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path)
}

/** '.only' if the file runs only marked tests, because an unmarked one would not run. */
export function onlyMarkerOf(text: string): '.only' | '' {
  return /\b(?:test|it|describe|suite|context)\.only\b|\bf(?:it|describe)\s*\(/.test(text) ? '.only' : ''
}

/** Whether a text names a runner whose tests do not use the global `test` of another runner. */
export function namesRunner(text: string): boolean {
  return ['node:test', 'vitest', 'ava', 'tape', 'tap', 'uvu', 'mocha', '@jest/globals', 'bun:test'].some(
    (name) => importOf(text, name) !== null,
  )
}

/** A call of a test function at the top level whose test throws; `head` is the function with its modifiers. */
export function failingCall(head: string, name: string): string {
  return `;${head}('${name}', () => {\n  throw new Error('${name}')\n})\n`
}
