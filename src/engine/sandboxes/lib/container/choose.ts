import { PpError } from '../../../model/error.ts'
import type { ContainerWish, Image } from '../../../ports/sandbox.ts'
import { type Facts, factsOf } from './facts.ts'
import { resolveImage } from './image.ts'
import { findRuntime, RUNTIMES, type Runtime, type RuntimeName } from './runtime.ts'

/** A runtime that answers, and the image that it has. */
export interface Chosen {
  readonly runtime: Runtime
  readonly facts: Facts
  readonly image: Image
}

/** The runtime that the policy names, or the first that works and has the image. Throws SANDBOX_UNAVAILABLE. */
export async function chooseRuntime(wish: ContainerWish, tools: readonly string[]): Promise<Chosen> {
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

async function chosen(name: RuntimeName, wish: ContainerWish, tools: readonly string[]): Promise<Chosen> {
  const runtime = findRuntime(name, tools, wish.env)
  if (runtime === null) throw new PpError('SANDBOX_UNAVAILABLE', `${name} is missing: apt-get install ${PACKAGE[name]}`)
  const facts = await factsOf(runtime)
  return { runtime, facts, image: await resolveImage(runtime, wish.image) }
}

const PACKAGE: Readonly<Record<RuntimeName, string>> = { podman: 'podman', docker: 'docker.io' }
