import { maskedText, stringMasker } from '../core/redact/index.ts'
import { spellCommand, type Target } from '../model/command.ts'
import { PpError } from '../model/error.ts'
import type { Policy } from '../model/policy.ts'
import type { SecretRedactor, SecretSearch } from '../model/redactor.ts'
import type { Reporter } from '../ports/reporter.ts'

/** A reporter that gets no secrets. */
export function maskedReporter(reporter: Reporter, redactor: SecretRedactor): Reporter {
  const masker = stringMasker(redactor)
  return { tell: (event) => reporter.tell(masker.all(event)) }
}

/** A fault without secrets in its message. Other errors are mistakes in this tool, and stay as they are. */
export function maskedError(error: unknown, redactor: SecretRedactor): unknown {
  if (!(error instanceof PpError)) return error
  const { code, message, mend, cause } = error
  const masked = maskedText(redactor, message)
  return new PpError(code, masked, { cause, ...(mend === undefined ? {} : { mend: maskedText(redactor, mend) }) })
}

/** Commands and the policy are recorded as they are, so that others can run them. Throws USAGE if one holds a known value. */
export function refuseValuesInCommands(secrets: SecretSearch, targets: readonly Target[], policy: Policy): void {
  const places = [
    ...targets.map(({ name, command }) => ({
      place: `the command of the target ${JSON.stringify(name)}`,
      text: spellCommand(command),
    })),
    { place: 'the policy', text: JSON.stringify(policy) },
  ]
  for (const { place, text } of places) {
    const found = secrets.find(new TextEncoder().encode(text)).find(({ is }) => is === 'value')
    if (!found) continue
    const message = `${place} holds the value of the variable ${found.name}, and every proof would show it`
    throw new PpError('USAGE', message, {
      mend: `write $${found.name} in its place, and pass the variable on with --env ${found.name}`,
    })
  }
}
