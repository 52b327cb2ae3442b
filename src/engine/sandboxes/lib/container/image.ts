import * as z from 'zod'
import { shellWord } from '../../../model/command.ts'
import { PpError } from '../../../model/error.ts'
import type { ContainerImage } from '../../../ports/sandbox.ts'
import type { ContainerRuntime } from './runtime.ts'

const Inspected = z.tuple([z.looseObject({ Id: z.string(), RepoDigests: z.array(z.string()).nullish() })])
const HEX = /[0-9a-f]{64}$/

/**
 * Resolves the name of an image to its current id, so that all runs of a session use the same image even if the name is
 * moved. Never pulls. Throws SANDBOX_UNAVAILABLE.
 */
export async function resolveImage(runtime: ContainerRuntime, name: string): Promise<ContainerImage> {
  const text = await runtime.ask(['image', 'inspect', name]).catch((cause: unknown) => {
    throw new PpError(
      'SANDBOX_UNAVAILABLE',
      `${runtime.name} has no image ${name}, and git pp never pulls one; get it with ${runtime.name} pull ${shellWord(name)}`,
      { cause },
    )
  })
  const [{ Id, RepoDigests }] = Inspected.parse(JSON.parse(text))
  const id = HEX.exec(Id)?.[0]
  if (id === undefined) throw new PpError('SANDBOX_UNAVAILABLE', `${runtime.name} has no digest of the image ${name}`)
  const served = RepoDigests?.map((one) => HEX.exec(one)?.[0]).find((hex) => hex !== undefined)
  return { name, id: `sha256:${id}`, digest: served === undefined ? null : `sha256:${served}` }
}
