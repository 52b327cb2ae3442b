/** Fails when two files of src declare a type of the same name: `tsx tools/check-names.ts`. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'

/** The types that a file declares at its top, exported or not. */
function declaredTypes(path: string, text: string): string[] {
  return ts
    .createSourceFile(path, text, ts.ScriptTarget.Latest)
    .statements.flatMap((statement) =>
      ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isClassDeclaration(statement)
        ? (statement.name?.text ?? [])
        : [],
    )
}

/** One line for each type name that more than one file declares. `files`: path → text. */
export function repeatedTypes(files: ReadonlyMap<string, string>): string[] {
  const paths = new Map<string, Set<string>>()
  for (const [path, text] of files)
    for (const name of declaredTypes(path, text)) paths.set(name, (paths.get(name) ?? new Set()).add(path))
  return [...paths]
    .filter(([, places]) => places.size > 1)
    .map(([name, places]) => `${name} is declared in ${[...places].sort().join(' and ')}`)
    .sort()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', 'src'], {
    encoding: 'utf8',
  })
  const paths = [...new Set(listed.split('\0'))].filter((path) => path.endsWith('.ts') && existsSync(path))
  const repeated = repeatedTypes(new Map(paths.map((path) => [path, readFileSync(path, 'utf8')])))
  for (const line of repeated) console.error(line)
  if (repeated.length > 0) {
    console.error('Give each type a name of its own: one name for one meaning, see docs/glossary.md.')
    process.exitCode = 1
  }
}
