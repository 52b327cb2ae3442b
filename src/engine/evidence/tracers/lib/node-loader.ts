/**
 * Hooks of the loader of Node that put a module in front of a runner: it exports what the runner does, but what node-runners.ts
 * gives instead of some of it. https://nodejs.org/api/module.html#customization-hooks
 */
export const PP_LOADER = String.raw`const RUNNERS = [
  { name: 'vitest', module: /\/@vitest\/runner\/dist\/index\.js$/, exports: ['startTests'] },
  { name: 'ava', module: /\/ava\/entrypoints\/main\.mjs$/, exports: ['default'] },
  { name: 'chai', module: /\/chai\/(?:index|chai|lib\/chai)\.m?js$/, exports: [] },
]
const IN_FRONT = 'git-pp-runner:'

export async function resolve(specifier, context, next) {
  const from = context.parentURL || ''
  if (from.startsWith(IN_FRONT)) return { url: specifier, format: 'module', shortCircuit: true }
  const found = await next(specifier, context)
  // The hooks of a process and of its threads follow one another.
  if (found.url.startsWith(IN_FRONT)) return found
  return RUNNERS.some(({ module }) => module.test(found.url))
    ? { url: IN_FRONT + found.url, format: 'module', shortCircuit: true }
    : found
}

export async function load(url, context, next) {
  if (!url.startsWith(IN_FRONT)) return next(url, context)
  const real = JSON.stringify(url.slice(IN_FRONT.length))
  const { name, exports } = RUNNERS.find(({ module }) => module.test(url))
  const own = exports.map((one) => (one === 'default' ? 'export default own.default' : 'export const ' + one + ' = own.' + one))
  const source = [
    'export * from ' + real,
    'import * as real from ' + real,
    "const own = globalThis[Symbol.for('git-pp.runners')]('" + name + "', real)",
    ...own,
  ]
  return { format: 'module', source: source.join('\n'), shortCircuit: true }
}
`
