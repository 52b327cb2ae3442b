import test, { type ExecutionContext } from 'ava'
import { CALC, PYTEST, RIGHT } from '../helpers/calc.ts'
import { company } from '../helpers/company.ts'
import { pp, type Ran } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

/** A repository whose provider is at https://models.example, in a network where only `proxy` leads there. */
async function behind(t: ExecutionContext) {
  const repo = await tempRepo(t, CALC)
  const { proxy, authority, tunnels, close } = await company(RIGHT)
  t.teardown(close)
  const model = {
    PP_PROVIDER: 'openai',
    PP_OPENAI_API_KEY: 'k',
    PP_OPENAI_MODEL: 'm',
    PP_OPENAI_BASE_URL: 'https://models.example/v1',
  }
  const run = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> =>
    pp(repo, [...args, '--json'], { env: { ...model, SSL_CERT_FILE: authority, ...env } })
  return { proxy, tunnels, run }
}

test('a model behind a proxy is asked, and its patch is proved', async (t) => {
  const { proxy, tunnels, run } = await behind(t)
  const { status, json } = await run(['run', PYTEST, '--runs', '1', '--no-minimize'], { HTTPS_PROXY: proxy })
  t.is(json.verdict, 'PROVED', json.reason)
  t.is(status, 0)
  t.deepEqual(tunnels, ['models.example:443'])
})

test('doctor asks the provider through the proxy, named in either case and with or without a scheme', async (t) => {
  const { proxy, tunnels, run } = await behind(t)
  for (const env of [{ HTTPS_PROXY: proxy }, { https_proxy: proxy.replace('http://', '') }]) {
    const { json } = await run(['doctor'], env)
    const told = (json['checks'] as { area: string; text: string }[]).filter(({ area }) => area === 'provider')
    t.true(
      told.some(({ text }) => text.endsWith('models.example answered GET /models with 200 and knows m')),
      JSON.stringify(told),
    )
  }
  t.deepEqual(tunnels, ['models.example:443', 'models.example:443'])
})

test('a proxy that is not there is told as an unreachable provider, not as a mistake of the tool', async (t) => {
  const { run } = await behind(t)
  const { status, json } = await run(['run', PYTEST], { HTTPS_PROXY: 'http://127.0.0.1:1' })
  t.is(status, 7, json.reason)
  t.regex(json.reason ?? '', /ECONNREFUSED/)
})
