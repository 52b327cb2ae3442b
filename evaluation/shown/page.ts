import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Puts `text` between the marks `<!-- NAME: generated -->` and `<!-- end of NAME -->` of docs/PAGE. */
export async function putInto(page: string, name: string, text: string): Promise<void> {
  const path = join(import.meta.dirname, '..', '..', 'docs', page)
  const before = await readFile(path, 'utf8')
  const marks = new RegExp(`(<!-- ${name}: generated -->\\n)[\\s\\S]*(<!-- end of ${name} -->)`)
  if (!marks.test(before)) throw new Error(`docs/${page} has no marks for ${name}`)
  await writeFile(
    path,
    before.replace(marks, (_, start: string, end: string) => `${start}\n${text.trim()}\n\n${end}`),
  )
}

/** A table in Markdown; cells are printed as they are. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}
