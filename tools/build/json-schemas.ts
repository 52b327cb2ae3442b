import type { Plugin } from 'esbuild'

/**
 * The package of the Model Context Protocol holds a whole validator of JSON Schema, with the code of other packages in it. A server
 * uses it only for what it asks its client, and ours asks nothing.
 */
export const withoutJsonSchemas: Plugin = {
  name: 'without the validator of JSON Schema',
  setup({ onLoad }) {
    onLoad({ filter: /\/@modelcontextprotocol\/server\/dist\/shimsNode\.mjs$/ }, () => ({
      contents: `
export { default as process } from 'node:process'
export class DefaultJsonSchemaValidator {
  getValidator() { throw new Error('git pp mcp asks its client nothing') }
}`,
      loader: 'js',
    }))
  },
}
