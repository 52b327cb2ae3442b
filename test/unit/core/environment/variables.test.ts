import test from 'ava'
import { commandEnvironment, withoutOwnKeys } from '../../../../src/engine/core/environment/variables.ts'

const caller = {
  PATH: '/bin',
  LC_ALL: 'C',
  LC_TIME: 'C',
  HOME: '/home/me',
  GITHUB_TOKEN: 'a',
  AWS_SECRET_ACCESS_KEY: 'b',
  DATABASE_URL: 'c',
  PP_OPENAI_API_KEY: 'd',
  PP_ATTEST_HMAC_KEY: 'e',
  PP_PROVIDER: 'search',
  NODE_OPTIONS: '--require x',
  LD_PRELOAD: 'x',
}

test('a command gets the variables on the list, and the names of the others are told', (t) => {
  const { variables, dropped } = commandEnvironment(caller, [])
  t.deepEqual(variables, { TERM: 'dumb', CI: '1', PATH: '/bin', LC_ALL: 'C', LC_TIME: 'C', HOME: '/home/me' })
  t.deepEqual(
    dropped,
    Object.keys(caller)
      .filter((name) => !(name in variables))
      .sort(),
  )
})

test('what is allowed by name is there, but never a key of our own', (t) => {
  const { variables } = commandEnvironment(caller, ['DATABASE_URL', 'PP_OPENAI_API_KEY', 'PP_ATTEST_HMAC_KEY'])
  t.is(variables['DATABASE_URL'], 'c')
  t.false('PP_OPENAI_API_KEY' in variables)
  t.false('PP_ATTEST_HMAC_KEY' in variables)
})

test('git gets all but keys of our own', (t) => {
  const { PP_OPENAI_API_KEY: _model, PP_ATTEST_HMAC_KEY: _signing, ...others } = caller
  t.deepEqual(withoutOwnKeys(caller), others)
})
