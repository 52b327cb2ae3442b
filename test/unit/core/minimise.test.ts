import test from 'ava'
import { minimise } from '../../../src/engine/core/minimise.ts'

const needs = (...needed: number[]) => {
  let probes = 0
  const holds = async (parts: readonly number[]) => {
    probes += 1
    return needed.every((part) => parts.includes(part))
  }
  return { holds, probes: () => probes }
}

test('one needed part of many is found', async (t) => {
  const { holds } = needs(5)
  const { kept, shown } = await minimise([1, 2, 3, 4, 5, 6, 7, 8], holds, 100)
  t.deepEqual({ kept, shown }, { kept: [5], shown: true })
})

test('parts that need each other stay together', async (t) => {
  const { holds } = needs(1, 8)
  t.deepEqual((await minimise([1, 2, 3, 4, 5, 6, 7, 8], holds, 100)).kept, [1, 8])
})

test('when every part is needed, every part stays, and that was shown', async (t) => {
  const { holds } = needs(1, 2, 3)
  const { kept, shown } = await minimise([1, 2, 3], holds, 100)
  t.deepEqual({ kept, shown }, { kept: [1, 2, 3], shown: true })
})

test('a single part is minimal without a probe', async (t) => {
  const { holds, probes } = needs(1)
  t.deepEqual((await minimise([1], holds, 100)).kept, [1])
  t.is(probes(), 0)
})

test('a spent budget leaves a list that holds, and says that it is not finished', async (t) => {
  const { holds } = needs(1, 8)
  const { kept, shown, probes } = await minimise([1, 2, 3, 4, 5, 6, 7, 8], holds, 3)
  t.false(shown)
  t.is(probes, 3)
  t.true(kept.includes(1) && kept.includes(8))
})
