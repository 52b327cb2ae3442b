import { main } from '../src/commands/main.ts'

/** `npm run dev -- WORDS`: git pp from the source, without a build, in the directory where npm was called. */
process.chdir(process.env['INIT_CWD'] ?? '.')
await main(process.argv.slice(2))
