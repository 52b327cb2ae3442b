import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Makes an authority and a certificate for localhost in `dir`; the paths of the files, in PEM. */
export async function openssl(
  dir: string,
): Promise<{ readonly ca: string; readonly cert: string; readonly key: string }> {
  const at = (name: string) => join(dir, name)
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const ca = [...made, '-x509', '-days', '2', '-subj', '/CN=authority', '-keyout', at('ca.key'), '-out', at('ca.pem')]
  await run('openssl', ['req', ...ca])
  await run('openssl', ['req', ...made, '-subj', '/CN=localhost', '-keyout', at('tls.key'), '-out', at('tls.csr')])
  await writeFile(at('names'), 'subjectAltName=DNS:localhost\n')
  const signing = [
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    at('names'),
  ]
  await run('openssl', ['x509', '-req', '-in', at('tls.csr'), ...signing, '-out', at('tls.pem')])
  return { ca: at('ca.pem'), cert: at('tls.pem'), key: at('tls.key') }
}
