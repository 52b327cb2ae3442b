import * as z from 'zod'

/**
 * From now on zod reads values by walking its schemas, and does not first compile each schema to a function of its own. A command
 * reads a few values with each schema, and compiling costs more than reading them.
 */
export function interpretSchemas(): void {
  z.config({ jitless: true })
}
