import { DATA } from '../helpers/bought/data.ts'
import { INSIDE } from '../helpers/bought/inside.ts'
import { MAPPED } from '../helpers/bought/mapped.ts'
import { PLANTED } from '../helpers/bought/planted.ts'
import { TOLD } from '../helpers/bought/told.ts'
import { trying } from '../helpers/bought/trying.ts'
import { sampled } from '../helpers/sample.ts'

// What decides here has no name that a convention knows: a run of the base, the command or a configuration shows it.
for (const one of sampled([...TOLD, ...INSIDE, ...MAPPED, ...DATA, ...PLANTED], 10)) trying(one)
