import { expect, test } from 'vitest'
import { addressOf, type Choice, isByToken, readChoice } from '../../demo/choice.ts'

const read = (address: string) => readChoice(new URL(address, 'http://localhost'))
const standard: Choice = { forge: 'gitlab', tokens: 'browser', flow: 'redirect' }

test.each<[string, Partial<Choice>]>([
  ['/', {}],
  ['/?forge=gitea', { forge: 'gitea' }],
  ['/?tokens=server&flow=popup', { tokens: 'server', flow: 'popup' }],
  ['/?forge=gitkraken&tokens=server&flow=popup', { forge: 'gitkraken', tokens: 'server', flow: 'popup' }],
])('the address %s and its choice say the same', (address, choice) => {
  expect(read(address)).toEqual({ ...standard, ...choice })
  expect(addressOf({ ...standard, ...choice })).toBe(address)
})

test.each<[string, Partial<Choice>]>([
  ['/?forge=__proto__&tokens=SERVER&flow=', {}],
  ['/?flow=popup&flow=redirect&other=1', { flow: 'popup' }],
  ['/callback/gitea?code=c&state=s', { forge: 'gitea' }],
  ['/callback/gitea?forge=gitlab&state=s', { forge: 'gitea' }],
  ['/callback/nobody?code=c', {}],
  ['/callback', {}],
])('the address %s is read all the same', (address, choice) => {
  expect(read(address)).toEqual({ ...standard, ...choice })
})

test('only GitKraken in the browser is by token', () => {
  expect(isByToken({ ...standard, forge: 'gitkraken' })).toBe(true)
  expect(isByToken({ ...standard, forge: 'gitkraken', tokens: 'server' })).toBe(false)
  expect(isByToken(standard)).toBe(false)
})
