import { PpError } from '../../../model/error.ts'
import type { ContainerImage, ContainerRequest } from '../../../ports/sandbox.ts'
import { resolveImage } from './image.ts'
import { type ContainerRuntime, findRuntime, RUNTIMES, type RuntimeName } from './runtime.ts'
import { type RuntimeFacts, runtimeFactsOf } from './runtime-facts.ts'

/** A working runtime and its image. */
export interface ChosenRuntime {
  readonly runtime: ContainerRuntime
  readonly facts: RuntimeFacts
  readonly image: ContainerImage
}

/** The runtime that the policy names, or the first that works and has the image. Throws SANDBOX_UNAVAILABLE. */
export async function chooseRuntime(wish: ContainerRequest, tools: readonly string[]): Promise<ChosenRuntime> {
  const reasons: string[] = []
  for (const name of wish.runtime === null ? RUNTIMES : [wish.runtime]) {
    try {
      return await chosen(name, wish, tools)
    } catch (error) {
      if (!(error instanceof PpError)) throw error
      reasons.push(error.message)
    }
  }
  throw new PpError('SANDBOX_UNAVAILABLE', reasons.join('; '))
}

async function chosen(name: RuntimeName, wish: ContainerRequest, tools: readonly string[]): Promise<ChosenRuntime> {
  const runtime = findRuntime(name, tools, wish.env)
  if (runtime === null) throw new PpError('SANDBOX_UNAVAILABLE', `${name} is missing: apt-get install ${PACKAGE[name]}`)
  const facts = await runtimeFactsOf(runtime)
  return { runtime, facts, image: await resolveImage(runtime, wish.image) }
}

const PACKAGE: Readonly<Record<RuntimeName, string>> = { podman: 'podman', docker: 'docker.io' }
