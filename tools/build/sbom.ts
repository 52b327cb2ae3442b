import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What is in `dist`, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/), since no installation shows it: the packages
 * are inside. Without time and serial number, so that the same sources give the same file.
 */
export function sbom(top: string, folders: readonly string[]): string {
  const { packages } = JSON.parse(readFileSync(join(top, 'package-lock.json'), 'utf8')) as Lock
  const own = component('application', JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')))
  const components = folders.map((folder) => {
    const { integrity = '' } = packages[folder] ?? {}
    if (!integrity.startsWith('sha512-')) throw new Error(`package-lock.json has no digest of ${folder}`)
    const content = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')
    const about = JSON.parse(readFileSync(join(top, folder, 'package.json'), 'utf8'))
    return { ...component('library', about), hashes: [{ alg: 'SHA-512', content }] }
  })
  const dependencies = [{ ref: own['bom-ref'], dependsOn: components.map((one) => one['bom-ref']) }]
  const form = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 }
  return `${JSON.stringify({ ...form, metadata: { component: own }, components, dependencies }, null, 2)}\n`
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly integrity?: string }>>
}

interface About {
  readonly name: string
  readonly version: string
  readonly license?: string
}

function component(type: 'application' | 'library', { name, version, license = '' }: About) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
  const licences = / (AND|OR|WITH) /.test(license) ? [{ expression: license }] : [{ license: { id: license } }]
  return { type, 'bom-ref': purl, name, version, purl, licenses: licences }
}
