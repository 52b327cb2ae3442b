/** Files, and which of them a file imports. */
export interface ImportedBy {
  /** Product files that ran. */
  readonly product: readonly string[]
  readonly tests: readonly string[]
  /** The product files that a file imports directly. */
  imports(path: string): readonly string[]
}

/**
 * Product files that only serve tests: loaders of test data, builders, doubles. They stand in a directory with tests, where product
 * that ran stands in others, and neither imports the other. Where all of it stands beside the tests, none is told apart.
 */
export function testHelpers({ product, tests, imports }: ImportedBy): ReadonlySet<string> {
  const withTests = new Set(tests.map(directory))
  const beside = product.filter((path) => withTests.has(directory(path)))
  const elsewhere = new Set(product.filter((path) => !withTests.has(directory(path))))
  if (elsewhere.size === 0) return new Set()
  const imported = new Set([...elsewhere].flatMap(imports))
  return new Set(beside.filter((path) => !imported.has(path) && !imports(path).some((one) => elsewhere.has(one))))
}

function directory(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
