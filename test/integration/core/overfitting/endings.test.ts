import { testRemarks } from '../../../support/remarks.ts'

testRemarks([
  [
    'a handler without a type around the old code',
    'python',
    ['def area(w, h):', '    try:', '        return w + h', '    except:', '        return 0'],
    'dropped-failure 4',
  ],
  [
    'contextlib.suppress',
    'python',
    ['from contextlib import suppress', '', 'def area(w, h):', '    with suppress(Exception):', '        return w + h'],
    'dropped-failure 4',
  ],
  [
    'a return in finally',
    'python',
    ['def area(w, h):', '    try:', '        return w + h', '    finally:', '        return 381'],
    'dropped-failure 4',
  ],
  [
    'a skipped test',
    'python',
    ['import unittest', '', 'def area(w, h):', '    raise unittest.SkipTest("later")'],
    'process-end 4',
  ],
  [
    'an expected failure',
    'python',
    ['import pytest', '', 'def area(w, h):', '    pytest.xfail("later")'],
    'process-end 4',
  ],
  ['sys.exit', 'python', ['import sys', '', 'def area(w, h):', '    sys.exit(0)'], 'process-end 4'],
  ['SystemExit', 'python', ['def area(w, h):', '    raise SystemExit(0)'], 'process-end 2'],
  [
    'a signal to itself',
    'python',
    ['import os, signal', '', 'def area(w, h):', '    os.kill(os.getpid(), signal.SIGKILL)'],
    'process-end 4',
  ],
  [
    'a catch around the old code',
    'javascript',
    [
      'function area(w, h) {',
      '  try {',
      '    return w + h',
      '  } catch (e) {',
      '    return 381',
      '  }',
      '}',
      'module.exports = { area }',
    ],
    'dropped-failure 4',
  ],
  [
    'a handler for uncaught exceptions',
    'javascript',
    [
      "process.on('uncaughtException', () => {})",
      'function area(w, h) {',
      '  return w + h',
      '}',
      'module.exports = { area }',
    ],
    'process-end 1',
  ],
  [
    'the exit code',
    'javascript',
    ['function area(w, h) {', '  process.exitCode = 0', '  return w + h', '}', 'module.exports = { area }'],
    'process-end 2',
  ],
  [
    'os.Exit',
    'go',
    ['package area', '', 'import "os"', '', 'func Area(w, h int) int {', '\tos.Exit(0)', '\treturn w + h', '}'],
    'process-end 6',
  ],
  [
    'recover',
    'go',
    ['package area', '', 'func Area(w, h int) (r int) {', '\tdefer func() { recover() }()', '\treturn w + h', '}'],
    'dropped-failure 4',
  ],
  [
    'process::exit',
    'rust',
    ['pub fn area(w: u32, h: u32) -> u32 {', '    std::process::exit(0);', '    w + h', '}'],
    'process-end 2',
  ],
  [
    'catch_unwind',
    'rust',
    ['pub fn area(w: u32, h: u32) -> u32 {', '    std::panic::catch_unwind(|| w + h).unwrap_or(0)', '}'],
    'dropped-failure 2',
  ],
])
