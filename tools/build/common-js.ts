import { readFileSync } from 'node:fs'
import { type Plugin, transform } from 'esbuild'
import { withLateImports } from './late-modules.ts'

const OWN_REQUIRE = /\b(?:var|let|const) require\b/

/**
 * A module of the bundle in the older module format: Node starts it with less work, it can be loaded late, and V8 takes its
 * compiled form from a file. `require` and `import()` of other modules of the bundle name them as they are called then.
 */
export async function toCommonJs(text: string): Promise<string> {
  if (OWN_REQUIRE.test(text))
    throw new Error('a variable called require hides the function that loads modules; rename it')
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    supported: { 'dynamic-import': false },
    define: {
      'import.meta.url': 'moduleUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    charset: 'ascii',
    legalComments: 'none',
  })
  const named = withLateImports(code.replaceAll(/require\("(\.[^"]*)\.js"\)/g, 'require("$1.cjs")'))
  const own = "const moduleUrl = require('node:url').pathToFileURL(__filename).href;\n"
  return named.includes('moduleUrl') ? `"use strict";\n${own}${named}` : named
}

/** The parser of tree-sitter makes such a variable, and gets another name for it. */
export const renamedRequire: Plugin = {
  name: 'renamed require',
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/web-tree-sitter\/.*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(/\brequire(?=\(| = createRequire\()/g, 'ownRequire'),
      loader: 'js',
    }))
  },
}
