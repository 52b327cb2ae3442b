import { posix } from 'node:path'

/**
 * The command of a fix: `{files}` are its test files, `{dirs}` their directories as ./DIR, `{flags:--test}` is
 * `--test NAME` for each file's name without its ending. A template without one of them is the command itself.
 */
export function commandOf(template: string, files: readonly string[]): string {
  return template.replace(/\{(files|dirs|flags):?([^}]*)\}/g, (_, what: string, flag: string) => {
    if (what === 'files') return files.map(quoted).join(' ')
    if (what === 'dirs') return unique(files.map((file) => `./${posix.dirname(file)}`.replace(/\/\.$/, '/'))).join(' ')
    return unique(files.map((file) => `${flag} ${posix.parse(file).name}`)).join(' ')
  })
}

function quoted(word: string): string {
  return /^[\w./@%+=:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words.map(quotedFlag))]
}

/** A flag and its value stay two words. */
function quotedFlag(text: string): string {
  return text.split(' ').map(quoted).join(' ')
}
