'use strict'

import('../dist/commands/main.js')
  .then((commands) => commands.main(process.argv.slice(2)))
  .catch((error) => {
    process.stderr.write(`git pp: the program could not be loaded: ${error.message}\n`)
    if (process.env.PP_DEBUG === '1') process.stderr.write(`${error.stack}\n`)
    process.exitCode = 128
  })
