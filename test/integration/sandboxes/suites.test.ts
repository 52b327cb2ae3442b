import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { needing, where } from '../../helpers/needs.ts'
import { installedRunners } from '../../helpers/writing/packages.ts'
import { engine } from './lone-engine.ts'
import { host, type More, outcome, working } from './machine.ts'

/** Test suites that use what a filter of system calls could break: event loops, threads, sockets, child processes, compilers. */

const kinds = await working()
/** Homes of the toolchain that runs these tests, where there is one. */
const RUST_HOMES = {
  RUSTUP_HOME: process.env['RUSTUP_HOME'] ?? path.join(homedir(), '.rustup'),
  CARGO_HOME: process.env['CARGO_HOME'] ?? path.join(homedir(), '.cargo'),
}
const jest = await installedRunners()

async function passes(
  t: ExecutionContext,
  kind: string,
  shell: string,
  says: RegExp,
  files: Readonly<Record<string, string>>,
  more: More['job'] = {},
) {
  const at = await host(t)
  const env = { PATH: at.path, HOME: at.home, LC_ALL: 'C', TMPDIR: '/tmp', GOCACHE: '/tmp/go', ...RUST_HOMES }
  const roomy = { ...at, bounds: { ...at.bounds, memory: 3 * 2 ** 30, processes: 1000 } }
  const run = await outcome(engine(kind, roomy, shell, { files, job: { env, timeoutMs: 180_000, ...more } }))
  t.deepEqual(run.ended, { how: 'exited', code: 0 }, run.out + run.err)
  t.true(run.enforces.syscalls)
  t.regex(run.out, says, run.out + run.err)
}

const ASYNCIO = `
import asyncio, concurrent.futures, multiprocessing, os, signal, socket, sys, threading

async def echo(reader, writer):
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()

async def ask(reader, writer):
    writer.write(b"hello\\n")
    answer = await reader.readline()
    writer.close()
    return answer

def test_tcp():
    async def main():
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        async with server:
            return await ask(*await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1]))
    assert asyncio.run(main()) == b"hello\\n"

def test_ipv6_and_udp():
    with socket.socket(socket.AF_INET6) as one, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two:
        one.bind(("::1", 0))
        two.bind(("127.0.0.1", 0))

def test_unix(tmp_path):
    async def main():
        server = await asyncio.start_unix_server(echo, str(tmp_path / "s"))
        async with server:
            return await ask(*await asyncio.open_unix_connection(str(tmp_path / "s")))
    assert asyncio.run(main()) == b"hello\\n"

def test_child_process():
    async def main():
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(1)", stdout=asyncio.subprocess.PIPE)
        return (await child.communicate())[0]
    assert asyncio.run(main()) == b"1\\n"

def test_signal():
    async def main():
        got = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, got.set)
        os.kill(os.getpid(), signal.SIGUSR1)
        await asyncio.wait_for(got.wait(), 5)
    asyncio.run(main())

def test_threads_and_processes():
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(abs, range(100))) == 4950
    with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        assert sum(pool.map(abs, range(10))) == 45

def test_network_interfaces():
    assert "lo" in [name for _, name in socket.if_nameindex()]
`

const NODE = `
const { test } = require('node:test')
const assert = require('node:assert')
const { Worker, isMainThread, parentPort } = require('node:worker_threads')
const { spawnSync, fork } = require('node:child_process')
const { createServer } = require('node:http')
const { networkInterfaces } = require('node:os')
const { once } = require('node:events')
const fs = require('node:fs')

test('worker threads', async () => {
  const worker = new Worker("require('node:worker_threads').parentPort.postMessage(6 * 7)", { eval: true })
  assert.strictEqual((await once(worker, 'message'))[0], 42)
})
test('fetch from localhost', async () => {
  const server = createServer((_, answer) => answer.end('hello')).listen(0)
  await once(server, 'listening')
  const response = await fetch('http://localhost:' + server.address().port)
  assert.strictEqual(await response.text(), 'hello')
  server.closeAllConnections()
  server.close()
})
test('files and child processes', async () => {
  await fs.promises.writeFile('x', 'x'.repeat(1e6))
  assert.strictEqual((await fs.promises.readFile('x')).length, 1e6)
  assert.strictEqual(spawnSync('echo', ['1']).stdout.toString(), '1\\n')
  const child = fork('child.js')
  assert.deepStrictEqual((await once(child, 'message'))[0], { from: 'child' })
})
test('watching a file', async () => {
  fs.writeFileSync('watched', '')
  const watcher = fs.watch('watched')
  fs.writeFileSync('watched', 'x')
  await once(watcher, 'change')
  watcher.close()
})
test('interfaces', () => assert.ok(networkInterfaces().lo))
`

const GO = `package sum

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"sync"
	"testing"
)

func TestServer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }))
	defer server.Close()
	answer, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := io.ReadAll(answer.Body); string(text) != "hello" {
		t.Fatal(string(text))
	}
}

func TestThreads(t *testing.T) {
	var all sync.WaitGroup
	for i := 0; i < 50; i++ {
		all.Add(1)
		go func() { defer all.Done(); exec.Command("true").Run() }()
	}
	all.Wait()
}

func TestInterfaces(t *testing.T) {
	if found, err := net.Interfaces(); err != nil || len(found) == 0 {
		t.Fatal(err)
	}
}
`

const RUST = `
#[test]
fn threads_and_sockets() {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let asked = std::thread::spawn(move || {
        let mut text = String::new();
        std::net::TcpStream::connect(at).unwrap().read_to_string(&mut text).unwrap();
        text
    });
    listener.accept().unwrap().0.write_all(b"hello").unwrap();
    assert_eq!(asked.join().unwrap(), "hello");
    assert!(std::process::Command::new("true").status().unwrap().success());
}
`

const JEST = `
const { createServer } = require('node:http')
test('timers and a server', async () => {
  const server = createServer((_, answer) => answer.end('hello'))
  await new Promise((then) => server.listen(0, then))
  const text = await (await fetch('http://localhost:' + server.address().port)).text()
  server.closeAllConnections?.()
  server.close()
  expect(text).toBe('hello')
})
`

/** The program itself: Debian's script around it reads files of /etc that a sandbox does not show. */
const BROWSER = ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome'].find((file) => existsSync(file))
const PAGE = '<p id="p"></p><script>document.getElementById("p").textContent = 6 * 7</script>'

for (const kind of kinds) {
  test(`${kind}: pytest with asyncio, threads, processes and sockets passes`, (t) =>
    passes(t, kind, 'python3 -m pytest -q -p no:cacheprovider', /7 passed/, { 'test_loop.py': ASYNCIO }))

  test(`${kind}: node with worker threads, fetch and child processes passes`, (t) => {
    const files = { 'all.test.js': NODE, 'child.js': "process.send({ from: 'child' })" }
    return passes(t, kind, 'node --test all.test.js', /pass 5/, files)
  })

  needing('go')(`${kind}: go test with a server, threads and child processes passes`, (t) =>
    passes(t, kind, 'go test ./...', /^ok /m, { 'go.mod': 'module sum\n\ngo 1.18\n', 'sum_test.go': GO }),
  )

  needing('cargo')(`${kind}: cargo test with threads and sockets passes`, (t) => {
    const manifest = '[package]\nname = "sum"\nversion = "0.1.0"\nedition = "2021"\n'
    return passes(t, kind, 'cargo test --offline', /1 passed/, { 'Cargo.toml': manifest, 'src/lib.rs': RUST })
  })

  where(typeof jest !== 'string', String(jest))(`${kind}: jest with workers and fetch passes`, (t) => {
    if (typeof jest === 'string') return t.fail(jest)
    const files = { 'package.json': '{}', 'a.test.js': JEST, 'b.test.js': JEST }
    const includes = [{ path: 'node_modules', source: jest.modules, directory: true }]
    return passes(t, kind, 'node_modules/.bin/jest --workers=2 2>&1', /2 passed, 2 total/, files, { includes })
  })

  where(BROWSER !== undefined, 'there is no Chromium')(`${kind}: a headless browser runs a page`, (t) => {
    const shell = `${BROWSER} --headless=new --no-sandbox --disable-gpu --user-data-dir=/tmp/profile --dump-dom "file://$PWD/page.html"`
    return passes(t, kind, shell, /<p id="p">42<\/p>/, { 'page.html': PAGE })
  })
}
