import { PpError } from '../../../model/error.ts'
import { findRuntime, type RuntimeName, removeContainer } from './runtime.ts'

/** Removes a container of a dead session; false if its runtime does not exist or refuses. */
export async function removeLeftContainer(
  { runtime, name }: { readonly runtime: RuntimeName; readonly name: string },
  tools: readonly string[],
  clientEnv: Readonly<Record<string, string>>,
): Promise<boolean> {
  const client = findRuntime(runtime, tools, clientEnv)
  if (client === null) return false
  try {
    await removeContainer(client, name)
    return true
  } catch (error) {
    if (error instanceof PpError) return false
    throw error
  }
}
