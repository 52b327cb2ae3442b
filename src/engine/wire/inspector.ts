import { spell as _spell } from '../model/command.ts'
