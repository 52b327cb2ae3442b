const FRAME = /(?:^|[\s('"])['"]?(?:file:\/\/)?((?:[A-Za-z]:[\\/])?[^\s():'"][^\s():]*\.[\w]+):(\d+)(?::\d+)?\)?$/

/** The place that a stack frame or a 'path:line[:column]' line names, unless it lies in a runtime or a dependency. */
export function placeOf(line: string): { file: string; line: number } | undefined {
  const [, file, at] = FRAME.exec(line.trimEnd()) ?? []
  if (file === undefined || at === undefined) return undefined
  return /(?:^|\/)node_modules\/|^node:|site-packages|\/lib\/python\d/.test(file)
    ? undefined
    : { file, line: Number(at) }
}
