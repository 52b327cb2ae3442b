'use strict'

const words = process.argv.slice(2)

start().catch(broken)

async function start() {
  await require('../dist/commands/main.cjs').main(words)
}

/** What even the commands could not tell: most likely files of the installation are missing. */
function broken(error) {
  const reason = `the program could not be loaded: ${error.message.split('\n', 1)[0]}`
  const end = words.indexOf('--')
  const asJson = words.slice(0, end === -1 ? words.length : end).includes('--json')
  const mend = 'install git-pp again; in a checkout: npm run build'
  const answer = { schemaVersion: 1, verdict: 'ERROR', reason, code: 'INTERNAL', mend }
  if (asJson) console.log(JSON.stringify(answer))
  console.error(`git pp: ${reason}\n${process.env.PP_DEBUG === '1' ? error.stack : mend}`)
  process.exitCode = 128
}
