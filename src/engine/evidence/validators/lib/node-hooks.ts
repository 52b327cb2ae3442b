/** ES modules of the project get another address for each run, since a loaded one cannot be forgotten. */
export const PP_NODE_HOOKS = `let generation, root, test

export function initialize(data) {
  ;({ root, test } = data)
  generation = data.generation
}

export async function resolve(specifier, context, next) {
  if (specifier === 'node:test') return { url: test, shortCircuit: true }
  const found = await next(specifier, context)
  const { url } = found
  if (!url.startsWith(root) || url.includes('/node_modules/') || found.format === 'commonjs') return found
  return { ...found, url: url + (url.includes('?') ? '&' : '?') + 'pp=' + Atomics.load(generation, 0) }
}
`
