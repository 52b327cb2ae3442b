import { bed, inParallel } from './programs.ts'

/** A change that does nothing, against a test that fails half of the time: how often is it PROVED? `--sample N`: N sessions. */
const at = process.argv.indexOf('--sample')
const sessions = at > 0 ? Number(process.argv[at + 1]) * 5 : 200
const CHECK = "exit $(od -An -N1 -tu1 /dev/urandom | awk '{print $1 % 2}')\n"

const repo = await bed('flaky')
try {
  await repo.write({ 'check.sh': CHECK, 'lib.sh': '# library\n' })
  await repo.commit('A check that fails half of the time')
  await repo.write({ 'lib.sh': '# library, touched\n' })
  await repo.commit('Nothing')
  const verdicts = await inParallel(Array.from({ length: sessions }), async () => {
    const { verdict, reason } = (await repo.pp(['prove', 'HEAD', 'sh check.sh', '--runs', '3'])).answer
    if (verdict === 'ERROR') console.error(reason)
    return verdict
  })
  const count = (verdict: string) => verdicts.filter((one) => one === verdict).length
  const all = [...new Set(verdicts)].sort().map((verdict) => `${verdict} ${count(verdict)}`)
  console.log(`a change that does nothing, a test that fails half of the time, ${sessions} sessions: ${all.join(', ')}`)
  process.exitCode = count('ERROR') > 0 || count('PROVED') > Math.max(1, Math.ceil(sessions * 0.02)) ? 1 : 0
} finally {
  await repo.remove()
}
