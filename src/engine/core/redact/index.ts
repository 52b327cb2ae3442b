/** Secrets: finding them, and taking them out of everything that is kept or shown. */

export { CHECKOUT, machineSpecificTexts, relativeToCheckout, replaceMachineSpecificTexts } from './machine-specific.ts'
export { type SecretFinder, type SecretValue, secretFinder } from './secret-finder.ts'
export { secretPath } from './secret-path.ts'
export { findSecrets } from './secret-patterns.ts'
export { redactor } from './secret-redactor.ts'
export {
  allValues,
  dotenvSecrets,
  forbiddenInFiles,
  isSecretName,
  isWeakSecret,
  secretsInVariables,
  withoutQuotedKey,
} from './secret-variables.ts'
export { maskedText, type StringMasker, stringMasker } from './string-masker.ts'
