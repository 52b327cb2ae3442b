/** Endings of programming languages, whatever their case: sources of Fortran end with .F90, those of R with .R. */
const SOURCE = new RegExp(
  `\\.(?:${[
    'py|pyi|pyx|pxd|[cm]?[jt]sx?|vue|svelte|coffee|elm|purs|res|gleam|go|rs|c|h|cc|cpp|cxx|c\\+\\+|hpp|hh|hxx|cu|cuh|mm?',
    'java|kts?|scala|groovy|clj[cs]?|cs|fs[ix]?|vb|swift|dart|rb|cr|php|exs?|erl|hrl|l?hs|mli?|rkt|scm|lisp|el',
    'zig|nim|di?|jl|r|f|for|f\\d\\d|adb|ads|pas|v|sv|vhdl?|lua|p[lm]|tcl|raku|sol|s|asm|sh|bash|zsh|fish|ps1|awk|sql',
  ].join('|')})$`,
  'i',
)

/** Whether a file is source code, judged by its name. */
export function isSourceFile(path: string): boolean {
  return SOURCE.test(path)
}
