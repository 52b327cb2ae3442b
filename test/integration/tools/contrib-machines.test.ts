import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { parseAllDocuments } from 'yaml'
import * as z from 'zod'
import Worker from '../../../src/commands/worker.ts'
import { needing } from '../../helpers/needs.ts'

const DIR = join(import.meta.dirname, '../../../contrib/machines')
const text = (name: string) => readFileSync(join(DIR, name), 'utf8')
const UNIT = 'git-pp-worker@.service'

needing('systemd-analyze')('systemd accepts the unit of a worker', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'pp-unit-'))
  t.teardown(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'git-pp-worker@1.service')
  // The tool itself need not be installed where the test runs.
  writeFileSync(file, text(UNIT).replace('ExecStart=git-pp ', 'ExecStart=/bin/sh '))
  t.is(execFileSync('systemd-analyze', ['verify', file], { encoding: 'utf8', stdio: 'pipe' }), '')
})

const words = z.array(z.string())
const labels = z.strictObject({ app: z.string() })
const Deployment = z.strictObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('Deployment'),
  metadata: z.strictObject({ name: z.string() }),
  spec: z.strictObject({
    selector: z.strictObject({ matchLabels: labels }),
    template: z.strictObject({
      metadata: z.strictObject({ labels }),
      spec: z.strictObject({
        terminationGracePeriodSeconds: z.int(),
        hostUsers: z.boolean(),
        containers: z.tuple([
          z.strictObject({
            ...{ name: z.string(), image: z.string(), command: words, args: words },
            env: z.array(
              z.strictObject({
                name: z.string(),
                value: z.string().optional(),
                valueFrom: z.strictObject({ fieldRef: z.strictObject({ fieldPath: z.string() }) }).optional(),
              }),
            ),
            securityContext: z.strictObject({
              seccompProfile: z.strictObject({ type: z.literal('Unconfined') }),
              procMount: z.literal('Unmasked'),
            }),
            resources: z.strictObject({ requests: z.strictObject({ cpu: z.string(), memory: z.string() }) }),
            volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean() })),
          }),
        ]),
        volumes: z.array(z.strictObject({ name: z.string(), secret: z.strictObject({ secretName: z.string() }) })),
      }),
    }),
  }),
})
const ScaledObject = z.strictObject({
  apiVersion: z.literal('keda.sh/v1alpha1'),
  kind: z.literal('ScaledObject'),
  metadata: z.strictObject({ name: z.string() }),
  spec: z.strictObject({
    scaleTargetRef: z.strictObject({ name: z.string() }),
    ...{ minReplicaCount: z.int(), maxReplicaCount: z.int() },
    triggers: z.tuple([
      z.strictObject({
        type: z.literal('nats-jetstream'),
        metadata: z.record(z.string(), z.string()),
      }),
    ]),
  }),
})

test('the files for Kubernetes have the fields that they may have, and name each other', (t) => {
  const [first, second, ...more] = parseAllDocuments(text('kubernetes.yaml')).map((one) => one.toJS() as unknown)
  t.deepEqual(more, [])
  const { metadata, spec } = Deployment.parse(first)
  const { spec: scaling } = ScaledObject.parse(second)
  t.deepEqual(spec.selector.matchLabels, spec.template.metadata.labels)
  t.is(scaling.scaleTargetRef.name, metadata.name)
  const { containers, volumes } = spec.template.spec
  const [{ args, env, volumeMounts }] = containers
  t.deepEqual(
    volumeMounts.map(({ name }) => name),
    volumes.map(({ name }) => name),
  )
  const used = args.flatMap((word) => /^\$\((\w+)\)$/.exec(word)?.[1] ?? [])
  t.deepEqual(
    used.filter((name) => !env.some((one) => one.name === name)),
    [],
  )
  for (const path of [...args, ...env.map(({ value = '' }) => value)].filter((word) => word.startsWith('/')))
    t.true(
      volumeMounts.some(({ mountPath }) => path.startsWith(`${mountPath}/`)),
      path,
    )
  const { stream, consumer } = scaling.triggers[0].metadata
  t.deepEqual([stream, consumer], ['PP_JOBS', 'repository-REPOSITORY'])
})

test('all examples start a worker with options that it has', (t) => {
  const lines = [
    ...(text(UNIT).match(/^ExecStart=.*$/gm) ?? []),
    ...(text('Dockerfile').match(/^ENTRYPOINT .*$/gm) ?? []),
    ...(text('kubernetes.yaml').match(/^ *args:[^\]]*\]$/gm) ?? []),
  ]
  t.is(lines.length, 3)
  for (const line of lines) {
    const options = line.match(/--[a-z-]+/g) ?? []
    t.deepEqual(
      options.filter((one) => !(one.slice(2) in Worker.flags)),
      [],
      line,
    )
    for (const needed of ['--repositories', '--key'])
      t.true(
        options.some((one) => one === needed),
        line,
      )
  }
})
