/** A change taken apart into tests and product. */
export { putBackButNamed } from './put-back.ts'
export { bought, broughtTests, contents, edits, type Split, splitBeside } from './tests-and-product.ts'
