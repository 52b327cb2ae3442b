#!/usr/bin/env node
// Old syntax only: any Node must be able to read this file, so that it can say which one is needed.
'use strict'

var found = process.versions.node
var parts = found.split('.')
var major = Number(parts[0])

if (major > 20 || (major === 20 && Number(parts[1]) >= 19)) require('./start.cjs')
else refuse(process.argv.slice(2))

function refuse(words) {
  var end = words.indexOf('--')
  var options = end === -1 ? words : words.slice(0, end)
  var reason = ['git pp needs Node 20.19 or newer; this is Node', found].join(' ')
  var answer = { schemaVersion: 1, verdict: 'USAGE', reason: reason, code: 'USAGE', mend: null }
  if (options.indexOf('--json') !== -1) console.log(JSON.stringify(answer))
  console.error(reason)
  process.exitCode = 2
}
