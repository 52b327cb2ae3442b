import type { Project } from './projects.ts'

/** A project of one file with a fix of two faults, written for this purpose; a kind of test runner each. */
export interface SampleProject {
  readonly project: Pick<
    Project,
    'name' | 'language' | 'runner' | 'source' | 'tests' | 'runnable' | 'command' | 'whole'
  >
  /** What both commits hold. */
  readonly files: Readonly<Record<string, string>>
  readonly base: Readonly<Record<string, string>>
  readonly fix: Readonly<Record<string, string>>
}

const PYTHON: SampleProject = {
  project: {
    name: 'sample/python',
    language: 'Python',
    runner: 'pytest',
    source: ['shop.py'],
    tests: ['tests/**'],
    runnable: ['tests/test_*.py'],
    command: 'python3 -m pytest -q {files}',
    whole: 'python3 -m pytest -q',
  },
  files: { 'conftest.py': '' },
  base: {
    'shop.py':
      'def total(prices, percent=0):\n    return sum(prices)\n\n\ndef cheapest(prices):\n    return prices[0]\n',
    'tests/test_shop.py': 'from shop import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n',
  },
  fix: {
    'shop.py':
      'def total(prices, percent=0):\n    return sum(prices) * (100 - percent) / 100\n\n\ndef cheapest(prices):\n    return min(prices)\n',
    'tests/test_shop.py':
      'from shop import cheapest, total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n\n\ndef test_percent():\n    assert total([10, 30], 50) == 20\n\n\ndef test_cheapest():\n    assert cheapest([3, 1, 2]) == 1\n',
  },
}

const NODE: SampleProject = {
  project: {
    name: 'sample/node',
    language: 'JavaScript',
    runner: 'node:test',
    source: ['shop.mjs'],
    tests: ['test/**'],
    runnable: ['test/*.test.mjs'],
    command: 'node --test {files}',
    whole: 'node --test',
  },
  files: { 'package.json': '{ "name": "shop", "private": true }\n' },
  base: {
    'shop.mjs':
      'export function total(prices, percent = 0) {\n  return prices.reduce((sum, price) => sum + price, 0)\n}\n\nexport function cheapest(prices) {\n  return prices[0]\n}\n',
    'test/shop.test.mjs':
      "import assert from 'node:assert'\nimport test from 'node:test'\nimport { total } from '../shop.mjs'\n\ntest('the total is the sum', () => {\n  assert.equal(total([1, 2]), 3)\n})\n",
  },
  fix: {
    'shop.mjs':
      'export function total(prices, percent = 0) {\n  return prices.reduce((sum, price) => sum + (price * (100 - percent)) / 100, 0)\n}\n\nexport function cheapest(prices) {\n  return Math.min(...prices)\n}\n',
    'test/shop.test.mjs':
      "import assert from 'node:assert'\nimport test from 'node:test'\nimport { cheapest, total } from '../shop.mjs'\n\ntest('the total is the sum', () => {\n  assert.equal(total([1, 2]), 3)\n})\n\ntest('a discount is taken off', () => {\n  assert.equal(total([10, 30], 50), 20)\n})\n\ntest('the cheapest may stand anywhere', () => {\n  assert.equal(cheapest([3, 1, 2]), 1)\n})\n",
  },
}

const GO: SampleProject = {
  project: {
    name: 'sample/go',
    language: 'Go',
    runner: 'go test',
    source: ['shop.go'],
    tests: ['*_test.go'],
    runnable: ['*_test.go'],
    command: 'go test {dirs}',
    whole: 'go test ./...',
  },
  files: { 'go.mod': 'module example.com/shop\n\ngo 1.19\n' },
  base: {
    'shop.go':
      'package shop\n\nfunc Total(prices []int, percent int) int {\n\tsum := 0\n\tfor _, price := range prices {\n\t\tsum += price\n\t}\n\treturn sum\n}\n\nfunc Cheapest(prices []int) int {\n\tlow := prices[0]\n\treturn low\n}\n',
    'shop_test.go':
      'package shop\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\tif got := Total([]int{1, 2}, 0); got != 3 {\n\t\tt.Errorf("got %d", got)\n\t}\n}\n',
  },
  fix: {
    'shop.go':
      'package shop\n\nfunc Total(prices []int, percent int) int {\n\tsum := 0\n\tfor _, price := range prices {\n\t\tsum += price\n\t}\n\treturn sum * (100 - percent) / 100\n}\n\nfunc Cheapest(prices []int) int {\n\tlow := prices[0]\n\tfor _, price := range prices {\n\t\tif price < low {\n\t\t\tlow = price\n\t\t}\n\t}\n\treturn low\n}\n',
    'shop_test.go':
      'package shop\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\tif got := Total([]int{1, 2}, 0); got != 3 {\n\t\tt.Errorf("got %d", got)\n\t}\n}\n\nfunc TestPercent(t *testing.T) {\n\tif got := Total([]int{10, 30}, 50); got != 20 {\n\t\tt.Errorf("got %d", got)\n\t}\n}\n\nfunc TestCheapest(t *testing.T) {\n\tif got := Cheapest([]int{3, 1, 2}); got != 1 {\n\t\tt.Errorf("got %d", got)\n\t}\n}\n',
  },
}

const RUST: SampleProject = {
  project: {
    name: 'sample/rust',
    language: 'Rust',
    runner: 'cargo',
    source: ['src/**'],
    tests: ['tests/**'],
    runnable: ['tests/*.rs'],
    command: 'cargo test --offline {flags:--test}',
    whole: 'cargo test --offline',
  },
  files: {
    'Cargo.toml': '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n',
    'Cargo.lock': 'version = 3\n\n[[package]]\nname = "shop"\nversion = "0.1.0"\n',
    '.gitignore': 'target\n',
  },
  base: {
    'src/lib.rs':
      'pub fn total(prices: &[u32], _percent: u32) -> u32 {\n    prices.iter().sum::<u32>()\n}\n\npub fn cheapest(prices: &[u32]) -> Option<u32> {\n    prices.first().copied()\n}\n',
    'tests/shop.rs': 'use shop::total;\n\n#[test]\nfn sums() {\n    assert_eq!(total(&[1, 2], 0), 3);\n}\n',
  },
  fix: {
    'src/lib.rs':
      'pub fn total(prices: &[u32], percent: u32) -> u32 {\n    prices.iter().sum::<u32>() * (100 - percent) / 100\n}\n\npub fn cheapest(prices: &[u32]) -> Option<u32> {\n    prices.iter().min().copied()\n}\n',
    'tests/shop.rs':
      'use shop::{cheapest, total};\n\n#[test]\nfn sums() {\n    assert_eq!(total(&[1, 2], 0), 3);\n}\n\n#[test]\nfn takes_percent_off() {\n    assert_eq!(total(&[10, 30], 50), 20);\n}\n\n#[test]\nfn finds_the_cheapest() {\n    assert_eq!(cheapest(&[3, 1, 2]), Some(1));\n}\n',
  },
}

export const SAMPLE: readonly SampleProject[] = [PYTHON, NODE, GO, RUST]
