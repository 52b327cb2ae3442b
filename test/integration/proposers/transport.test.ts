import test from 'ava'
import openai from '../../../src/engine/proposers/openai.ts'
import { ABSENT } from '../../helpers/absent.ts'
import { company } from '../../helpers/company.ts'
import { needing } from '../../helpers/needs.ts'
import { REPLY, requestFor } from '../../unit/proposers/request.ts'

const OWN = { PP_OPENAI_API_KEY: 'k', PP_OPENAI_MODEL: 'm', PP_OPENAI_BASE_URL: 'https://models.example/v1' }

needing('openssl')('a proxy and a private authority of the environment are used', async (t) => {
  const { proxy, authority, tunnels, close } = await company(REPLY)
  try {
    const env = { ...OWN, HTTPS_PROXY: proxy, SSL_CERT_FILE: authority }
    const proposer = await openai.open({ env, named: false, settings: {} })
    const answer = await proposer.propose(requestFor({}))
    t.is(answer.how, 'reply', JSON.stringify(answer))
    t.deepEqual(tunnels, ['models.example:443'])
  } finally {
    await close()
  }
})

needing('openssl')('the question for models goes through the proxy, too, and as a question', async (t) => {
  const { proxy, authority, tunnels, methods, close } = await company(REPLY)
  try {
    const env = { ...OWN, HTTPS_PROXY: proxy, SSL_CERT_FILE: authority }
    const signal = new AbortController().signal
    const told: string[] = []
    await openai.reach?.({ env, named: false, settings: {} }, (what) => told.push(what), signal)
    t.deepEqual(tunnels, ['models.example:443'])
    t.deepEqual(methods, ['GET'])
    t.deepEqual(told, ['GET https://models.example/v1/models with the key'])
  } finally {
    await close()
  }
})

needing('openssl')('a certificate of an unknown authority is refused with the way out', async (t) => {
  const { proxy, close } = await company(REPLY)
  try {
    const proposer = await openai.open({ env: { ...OWN, HTTPS_PROXY: proxy }, named: false, settings: {} })
    const answer = await proposer.propose(requestFor({}))
    t.regex(
      answer.how === 'failed' ? answer.reason : '',
      /not trusted \(\w+\); name a file with its certificate authority in SSL_CERT_FILE/,
    )
  } finally {
    await close()
  }
})

needing('openssl')('a host of NO_PROXY is not asked for through the proxy', async (t) => {
  const { proxy, authority, tunnels, close } = await company(REPLY)
  try {
    const env = { ...OWN, HTTPS_PROXY: proxy, SSL_CERT_FILE: authority, NO_PROXY: 'models.invalid' }
    env.PP_OPENAI_BASE_URL = 'https://models.invalid/v1'
    const proposer = await openai.open({ env, named: false, settings: {} })
    const answer = await proposer.propose(
      requestFor({}, { budget: { ms: 300, searchMs: 300, tokens: null, candidates: 0 } }),
    )
    t.is(answer.how, 'failed')
    t.deepEqual(tunnels, [])
  } finally {
    await close()
  }
})

test('certificates that cannot be read are named before anything is sent', async (t) => {
  const env = { ...OWN, SSL_CERT_FILE: ABSENT }
  const error = await t.throwsAsync(openai.open({ env, named: false, settings: {} }))
  t.like(error, { code: 'USAGE', message: `the certificates cannot be read: ${ABSENT}` })
})
