/** Secrets: finding them, and taking them out of everything that is kept or shown. */
export { type Finder, finder, type Secret } from './needles.ts'
export { findSecrets } from './patterns.ts'
export { CHECKOUT, placeless, placesOf } from './places.ts'
export { redactor } from './redactor.ts'
export { secretPath } from './secret-path.ts'
export { allValues, dotenvSecrets, isWeak, refusedInFiles, secretNamed, secretsAmong, withoutKey } from './variables.ts'
