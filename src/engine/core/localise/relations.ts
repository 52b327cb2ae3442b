/** Words of a text that could name something. */
export function identifiers(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z_$][\w$]*/g) ?? [])
}

const IMPORT = /\b(?:import|from|require|use|include|load|source)\b/

/** Product files that a text's import lines name, by module path or relative file, whatever the language. */
export function imported(text: string, from: string, product: readonly string[]): readonly string[] {
  const lines = text.split('\n').filter((line) => line.length < 500 && IMPORT.test(line))
  const words = new Set(
    lines.flatMap((line) => line.match(/[\w$./-]+/g) ?? []).map((word) => word.replace(/^(\.\.?\/)+/, '')),
  )
  const near = from.split('/').slice(0, -1).join('/')
  return product.filter((path) => [...words].some((word) => names(word, path, near)))
}

function names(word: string, path: string, near: string): boolean {
  const stem = path.replace(/\.\w+$/, '').replace(/\/(index|__init__|mod)$/, '')
  const base = stem.split('/').at(-1) ?? stem
  const dotted = stem.replaceAll('/', '.')
  return (
    [path, stem, dotted].includes(word) ||
    dotted.endsWith(`.${word}`) ||
    word.endsWith(`.${base}`) ||
    stem === `${near}/${word}` ||
    stem.endsWith(`/${word}`) ||
    path.endsWith(`/${word}`)
  )
}

/** The import lines at the head of a file; a block in brackets belongs to the line that opens it. 1-based line numbers. */
export function importLines(text: string, most: number): readonly number[] {
  const found: number[] = []
  let open = false
  for (const [at, line] of text.split('\n').entries()) {
    if (found.length >= most) break
    const starts = /^(?:import|from|use|using|require|#include|const .*\brequire\(|(?:var|let) .*\brequire\()/.test(
      line,
    )
    if (!starts && !open) continue
    found.push(at + 1)
    const opens = /[({]\s*$/.test(line) || (starts && line.includes('(') && !line.includes(')'))
    open = open ? !/[)}]/.test(line) : opens
  }
  return found
}

/** Names that a text calls: what stands before an opening parenthesis. */
export function calls(text: string): Set<string> {
  return new Set([...text.matchAll(/([A-Za-z_$][\w$]*)\s*\(/g)].flatMap(([, name]) => (name ? [name] : [])))
}
