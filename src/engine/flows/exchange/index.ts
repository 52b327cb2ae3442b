/** Proofs between repositories and into the work tree: push, fetch, forget, import, apply. */
export { applyFlow } from './apply.ts'
export { fetchFlow } from './fetch.ts'
export { forgetFlow } from './forget.ts'
export { importForeignBundle } from './import-bundle.ts'
export { pushFlow } from './push.ts'
