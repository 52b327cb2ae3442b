/** Reading the reply of a model: any form of a diff becomes edits of files, or a reason why it does not. */
export { proposeEdits } from './reply.ts'
