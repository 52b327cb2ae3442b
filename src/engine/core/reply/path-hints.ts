import { lookUpPath } from './resolve-path.ts'

const MARKED = /(?:`([^`\n]+)`|\*\*([^*\n]+)\*\*|"([^"\n]+)")/g
const WORD =
  /[\w@.+~-]*[\w@+-](?:\/[\w@.+~-]+)*\.\w+|[\w@.+~-]+(?:\/[\w@.+~-]+)+|\b(?:Makefile|Dockerfile|Gemfile|Rakefile)\b/g
const MAX_HINT = 400

/**
 * The words of a line that may be paths, the most likely first: the whole line, text marked as code, words that look like
 * paths.
 */
export function pathWords(line: string): string[] {
  if (line.length > MAX_HINT) return []
  const whole = line
    .trim()
    .replace(/^(?:#+|\/\/|--|\/\*|<!--|[-*>]|\d+[.)])\s*/, '')
    .replace(/\s*(?:\*\/|-->)$/, '')
    .replace(/^\**(?:file(?:name|path)?|path|in|edit|update|modify|create|new file|add)\**:?\**\s+/i, '')
    .replace(/^[`*"']+|[`*"':]+$/g, '')
    .replace(/^[`*"']+|[`*"':]+$/g, '')
  const words = /^\S+$/.test(whole) && /[./]/.test(whole) ? [whole] : []
  for (const match of line.matchAll(MARKED)) words.push((match[1] ?? match[2] ?? match[3] ?? '').replace(/:$/, ''))
  for (const match of line.matchAll(WORD)) words.push(match[0])
  return [...new Set(words)].filter((word) => word !== '' && !/\s/.test(word))
}

/** The path in what follows an opening fence: 'diff src/a.py', 'python:src/a.py', 'js title="src/a.js"', 'src/a.py'. */
export function pathOfFenceInfo(info: string): string | null {
  if (info === '' || info.length > MAX_HINT) return null
  const named = /(?:title|file|filename|path|name)=["']?([^"'\s}]+)/i.exec(info)
  if (named?.[1] !== undefined) return named[1]
  const word = info.split(/\s+/).at(-1) ?? ''
  const path = word.replace(/^\w+:(?=[^:]*[./])/, '')
  return /[./]/.test(path) && !/^[{(]/.test(path) ? path : null
}

/** The files of the tree that the nearest line with a path names. */
export function hintedFiles(lines: readonly string[], known: ReadonlySet<string>): string[] {
  for (const line of lines) {
    const found = new Set<string>()
    for (const word of pathWords(line)) {
      const is = lookUpPath(word, known, false)
      if (is.is === 'file') found.add(is.path)
      if (is.is === 'several') for (const path of is.paths) found.add(path)
    }
    if (found.size > 0) return [...found]
  }
  return []
}
