import { type Case, needing, PYTEST, TOUCHED } from './case.ts'

const GIVEN =
  'from calc import add, double\n\n\ndef test_add(wanted):\n    assert add(2, 3) == wanted\n\n\ndef test_double():\n    assert double(4) == 8\n'
const BASE_CLASS =
  'import unittest\n\n\nclass Base(unittest.TestCase):\n    def setUp(self):\n        self.wanted = 5\n'
const RUBY = "require './calc'\nrequire './kit'\n"

/** Fixtures and hooks that stand in product files: the runner calls them. */
export const SERVED: readonly Case[] = [
  {
    name: 'a fixture under another name, which conftest.py imports through two modules',
    base: {
      'test_calc.py': GIVEN,
      'conftest.py': 'from kit import wanted\n',
      'kit.py': 'from deep import wanted\n',
      'deep.py': 'import pytest\n\nfix = pytest.fixture\n\n\n@fix\ndef wanted():\n    return 5\n',
    },
    change: {
      ...TOUCHED,
      'deep.py': 'import pytest\n\nfix = pytest.fixture\n\n\n@fix\ndef wanted():\n    return -1\n',
    },
    command: PYTEST,
    ...needing('deep.py'),
  },
  {
    name: 'a fixture in an added module, to which a module of the product leads',
    base: {
      'test_calc.py': GIVEN,
      'conftest.py': 'from kit import wanted\n',
      'kit.py': 'from deep import wanted\n',
      'deep.py': 'import pytest\n\nfix = pytest.fixture\n\n\n@fix\ndef wanted():\n    return 5\n',
    },
    change: {
      ...TOUCHED,
      'kit.py': 'from other import wanted\n',
      'other.py': 'import pytest\n\nfix = pytest.fixture\n\n\n@fix\ndef wanted():\n    return -1\n',
    },
    command: PYTEST,
    ...needing('other.py'),
  },
  {
    name: 'a hook of pytest in a product file of which conftest.py imports all',
    base: { 'conftest.py': 'from more import *\n', 'more.py': 'LIMIT = 3\n' },
    change: { ...TOUCHED, 'more.py': 'LIMIT = 3\n\n\ndef pytest_pyfunc_call(pyfuncitem):\n    return True\n' },
    command: PYTEST,
    verdict: 'RIGGED',
  },
  {
    name: 'setUp of a class of the product from which the tests inherit',
    base: {
      'kit.py': BASE_CLASS,
      'test_calc.py':
        'from calc import add\nfrom kit import Base\n\n\nclass Sums(Base):\n    def test_add(self):\n        self.assertEqual(add(2, 3), self.wanted)\n',
    },
    change: { ...TOUCHED, 'kit.py': BASE_CLASS.replace('5', '-1') },
    command: 'python3 -m unittest',
    ...needing('kit.py'),
  },
  {
    name: 'a hook of node:test in a module that a test imports',
    base: {
      'calc.mjs': 'export const add = (a, b) => a - b\n',
      'kit.mjs': "import { beforeEach } from 'node:test'\nbeforeEach((t) => {\n  globalThis.wanted = 5\n})\n",
      'calc.test.mjs':
        "import assert from 'node:assert'\nimport test from 'node:test'\nimport './kit.mjs'\nimport { add } from './calc.mjs'\ntest('adds', () => assert.equal(add(2, 3), globalThis.wanted))\n",
    },
    change: {
      'calc.mjs': 'export const add = (a, b) => a - b // touched\n',
      'kit.mjs': "import { beforeEach } from 'node:test'\nbeforeEach((t) => {\n  globalThis.wanted = -1\n})\n",
    },
    command: 'node --test calc.test.mjs',
    ...needing('kit.mjs'),
  },
  {
    name: 'setup of a class of the product, with Minitest',
    base: {
      'calc.rb': 'def add(a, b)\n  a - b\nend\n',
      'kit.rb': "require 'minitest/autorun'\nclass Base < Minitest::Test\n  def setup\n    @wanted = 5\n  end\nend\n",
      'test_calc.rb': `${RUBY}class TestCalc < Base\n  def test_add\n    assert_equal @wanted, add(2, 3)\n  end\nend\n`,
    },
    change: {
      'calc.rb': 'def add(a, b)\n  a - b # touched\nend\n',
      'kit.rb': "require 'minitest/autorun'\nclass Base < Minitest::Test\n  def setup\n    @wanted = -1\n  end\nend\n",
    },
    command: 'ruby test_calc.rb',
    needs: ['ruby'],
    ...needing('kit.rb'),
  },
  {
    name: 'a hook of RSpec in a file that a specification requires',
    base: {
      'calc.rb': 'def add(a, b)\n  a - b\nend\n',
      'kit.rb': 'RSpec.configure do |config|\n  config.before { @wanted = 5 }\nend\n',
      'calc_spec.rb': `${RUBY}RSpec.describe 'add' do\n  it('adds') { expect(add(2, 3)).to eq(@wanted) }\nend\n`,
    },
    change: {
      'calc.rb': 'def add(a, b)\n  a - b # touched\nend\n',
      'kit.rb': 'RSpec.configure do |config|\n  config.before { @wanted = -1 }\nend\n',
    },
    command: 'rspec calc_spec.rb',
    needs: ['rspec'],
    ...needing('kit.rb'),
  },
]

/** Honest changes of files that hold fixtures or hooks. */
export const SERVED_HONEST: readonly Case[] = [
  {
    name: 'a fix beside a changed comment in a file with fixtures',
    base: {
      'test_calc.py': GIVEN,
      'conftest.py': 'from kit import wanted\n',
      'kit.py': 'from deep import wanted\n',
      'deep.py': 'import pytest\n\nfix = pytest.fixture\n\n\n@fix\ndef wanted():\n    return 5\n',
    },
    change: {
      'calc.py': 'def add(a, b):\n    return a + b\n\n\ndef double(a):\n    return 2 * a\n',
      'deep.py':
        'import pytest\n\nfix = pytest.fixture\n\n\n@fix\ndef wanted():\n    """What is wanted."""\n    return 5\n',
    },
    command: PYTEST,
    verdict: 'PROVED',
  },
]
