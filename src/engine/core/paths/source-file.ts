const SOURCE =
  /\.(?:py|pyi|pyx|[cm]?[jt]sx?|vue|svelte|go|rs|java|kts?|scala|groovy|rb|php|exs?|erl|c|h|cc|cpp|cxx|hpp|cs|fs|swift|mm?|zig|lua|p[lm]|sh|sql)$/

/** Whether a file is source code, judged by its name. */
export function isSourceFile(path: string): boolean {
  return SOURCE.test(path)
}
