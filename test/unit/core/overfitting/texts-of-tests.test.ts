import test from 'ava'
import { testTexts } from '../../../../src/engine/core/overfitting/index.ts'

const texts = testTexts(
  ['tests/test_area.py'],
  [
    'assert area([3, 6, 7], 1) == 381  # see the plan\nassert name("ada lovelace") == \'x\'\nassert f(1.5) == "(()(()))"',
  ],
)

test('a number is held as a whole number, not as a part of one', (t) => {
  t.true(texts.holds('381'))
  t.true(texts.holds('-381'))
  t.true(texts.holds('1.5'))
  t.false(texts.holds('38'))
  t.false(texts.holds('5'))
})

test('a text is held as a whole, or word by word as a part of the tests', (t) => {
  t.true(texts.holds('ada lovelace'))
  t.true(texts.holds('x'))
  t.true(texts.holds('lovelace'), 'one word of a string')
  t.true(texts.holds('([3, 6, 7], 1)'))
  t.true(texts.holds('(()(()))'), 'a string without words')
  t.false(texts.holds('plan'), 'a word of a comment')
  t.false(texts.holds('[3, 7]'))
  t.false(texts.holds('lovelace ada'))
})

test('the tests are read up to one million characters', (t) => {
  const long = testTexts([], ['a '.repeat(500_000), 'assert f(381)'])
  t.false(long.holds('381'))
})
