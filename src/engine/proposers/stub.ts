import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { PpError } from '../model/error.ts'
import type { Proposer, ProposerHost, ProposerKind } from '../ports/proposer.ts'

const options = z.object({ stub: z.string().min(1).optional() })

/**
 * Answers with a prepared reply: pp.stub or PP_STUB_REPLY is the reply itself if it has more than one line. Otherwise it
 * names a file with the reply, or a directory whose files, sorted by name, are the replies to attempts 1, 2 and so on (the
 * last one is repeated).
 */
async function open(host: ProposerHost): Promise<Proposer> {
  const source = options.parse(host.settings).stub ?? host.env['PP_STUB_REPLY']
  if (!source) {
    throw new PpError('PROPOSER_FAILED', 'the stub provider has no reply to give', {
      mend: 'set PP_STUB_REPLY to a file, a directory of files, or the text of a diff',
    })
  }
  const replies = await read(source)
  return {
    kind: 'stub',
    model: null,
    remote: false,
    sandboxed: true,
    async propose(request) {
      const text = replies[Math.min(request.n, replies.length) - 1] ?? ''
      if (text.trim() === '') return { how: 'failed', why: 'empty', reason: 'the stub has an empty reply' }
      return { how: 'reply', text, model: null, usage: { inputTokens: null, outputTokens: null } }
    },
  }
}

async function read(source: string): Promise<string[]> {
  if (source.includes('\n')) return [source]
  try {
    if (!(await stat(source)).isDirectory()) return [await readFile(source, 'utf8')]
    const names = (await readdir(source)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    return await Promise.all(names.map((name) => readFile(join(source, name), 'utf8')))
  } catch (cause) {
    throw new PpError('PROPOSER_FAILED', `the stub's reply cannot be read: ${source}`, {
      cause,
      mend: 'set PP_STUB_REPLY to a readable file or directory',
    })
  }
}

export default {
  kind: 'stub',
  offered: null,
  suggested: false,
  note: null,
  setting: { name: 'stub', variable: 'PP_STUB_REPLY' },
  options,
  open,
} satisfies ProposerKind
