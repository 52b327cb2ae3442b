/** Patterns of paths, and what a path tells by its name. */
export { DEPENDENCIES, INCLUDE_LIST, isDependencies } from './dependencies.ts'
export { allowMatcher, denyMatcher, globProblems, namedLiterally } from './globs.ts'
export { namesPattern } from './names-pattern.ts'
export { parentsOf, upwardsFrom } from './parents.ts'
export { isSourceFile } from './source-file.ts'
