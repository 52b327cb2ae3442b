import test from 'ava'
import { readReply } from '../../../../src/engine/flows/propose/read-reply.ts'
import { scanProduct } from '../../../../src/engine/flows/propose/scan-product.ts'
import { type VisibleFiles, visibleFiles } from '../../../../src/engine/flows/propose/visible-files.ts'
import { PpError } from '../../../../src/engine/model/error.ts'

const encode = (text: string) => new TextEncoder().encode(text)

/** A base with these files, and the ids that were read from it. */
function base(files: Readonly<Record<string, string>>) {
  const asked: string[] = []
  const entries = Object.keys(files).map((path) => ({ path, mode: '100644' as const, oid: `id of ${path}` }))
  const redact = (bytes: Uint8Array) => {
    const text = new TextDecoder().decode(bytes)
    return { bytes: encode(text.replaceAll('hunter2', '[redacted]')), hits: 0 }
  }
  const session = {
    base: { tree: 'tree' },
    objects: {
      list: async () => entries,
      read: async (oid: string, most = Number.POSITIVE_INFINITY) => {
        asked.push(oid)
        const bytes = encode(files[oid.slice('id of '.length)] ?? '')
        if (bytes.length > most) throw new PpError('TREE_TOO_LARGE', 'too large')
        return bytes
      },
    },
    redactor: { redact },
  }
  return { asked, session: session as unknown as Parameters<typeof visibleFiles>[0] }
}

test('files that a proposer may see are read only when they are asked for, and without secrets', async (t) => {
  const { asked, session } = base({ 'a.js': 'key = hunter2', '.env': 'hunter2', 'b.js': 'b' })
  const files = await visibleFiles(session, (path) => path === '.env')
  t.deepEqual([files.paths, asked], [['a.js', 'b.js'], []])
  t.is(await files.text('a.js'), 'key = [redacted]')
  t.deepEqual(await files.bytes('a.js'), encode('key = hunter2'))
  t.deepEqual([files.has('.env'), await files.bytes('.env'), await files.text('.env')], [false, null, null])
  t.deepEqual(asked, ['id of a.js', 'id of a.js'])
})

test('a file of more than 512 KiB is not read, and a binary file has no text', async (t) => {
  const { session } = base({ 'data.json': '1'.repeat(512 * 1024 + 1), 'a.bin': 'a\0b' })
  const files = await visibleFiles(session, () => false)
  t.deepEqual([await files.bytes('data.json'), await files.text('data.json')], [null, null])
  t.deepEqual([await files.bytes('a.bin'), await files.text('a.bin')], [encode('a\0b'), null])
})

test('other faults of reading a file are told', async (t) => {
  const { session } = base({ 'a.js': 'a' })
  const broken = { ...session, objects: { ...session.objects, read: () => Promise.reject(new Error('gone')) } }
  await t.throwsAsync((await visibleFiles(broken, () => false)).bytes('a.js'), { message: 'gone' })
})

test('a scan finds the files that define a name, and the smallest ones', async (t) => {
  const texts = {
    'a.py': 'def total(): pass  # long',
    'b.py': 'x',
    'c.bin': 'def total\0',
    'd.py': 'def other(): pass',
  }
  const { session } = base(texts)
  const files = await visibleFiles(session, () => false)
  const found = await scanProduct(files, files.paths, new Set(['total']), 2)
  t.deepEqual(found, { defining: ['a.py'], smallest: ['b.py', 'd.py'] })
})

test('a scan ends after 64 MiB', async (t) => {
  const half = new Uint8Array(512 * 1024).fill(0x61)
  let read = 0
  const bytes = async () => {
    read++
    return half
  }
  const paths = Array.from({ length: 1000 }, (_, n) => `${n}.txt`)
  const { smallest } = await scanProduct({ bytes }, paths, new Set(), 3)
  t.deepEqual([read, smallest.length], [128, 3])
})

const swap = (path: string) => `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-old\n+new\n`

test('for a reply, only the files that it names are read', async (t) => {
  const { asked, session } = base({ 'src/a.js': 'old\n', 'src/b.js': 'old\n', 'c.js': 'old\n' })
  const files = await visibleFiles(session, () => false)
  const read = await readReply(`\`\`\`diff\n${swap('src/a.js')}${swap('c.js')}\`\`\`\n`, files)
  t.deepEqual(read.ok && [...read.edits.keys()], ['src/a.js', 'c.js'])
  t.deepEqual(asked, ['id of src/a.js', 'id of c.js'])
})

test('a file that a reply names only by its end is read, too', async (t) => {
  const { session } = base({ 'src/deep/a.js': 'old\n', 'c.js': 'old\n' })
  const files: VisibleFiles = await visibleFiles(session, () => false)
  const read = await readReply(`\`\`\`diff\n${swap('deep/a.js')}\`\`\`\n`, files)
  t.deepEqual(read.ok && [...read.edits], [['src/deep/a.js', encode('new\n')]])
})
