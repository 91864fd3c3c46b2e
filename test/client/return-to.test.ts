import { describe, expect, it } from 'vitest'
import { startApp } from './app.ts'

/** Signs in and gives where the person is led to afterwards. */
async function land(return_to: string) {
  const app = startApp()
  const done = await app.client.callback(app.back(await app.start({ return_to })))
  expect(app.shown).toEqual([done?.return_to])
  return done?.return_to
}

describe('return_to', () => {
  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    'https://app@evil.example',
    'https://app.example@evil.example',
    'https://app.example.evil.example/',
    'https://app.example:8443/',
    'http://app.example/',
    'https:/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'blob:https://app.example/x',
    'file:///etc/passwd',
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    './/evil.example',
    '/.\\/evil.example',
    'https://app.example//evil.example',
    'http://[',
  ])('security 22: leads %j to the front page', async (return_to) => {
    expect(await land(return_to)).toBe('/')
  })

  it.each([
    ['/', '/'],
    ['', '/'],
    ['/projects?tab=1&x=//evil#part', '/projects?tab=1&x=//evil#part'],
    ['https://app.example/projects', '/projects'],
    ['/a//b', '/a//b'],
    ['/a/../b', '/b'],
    ['projects', '/projects'],
    ['/@evil.example', '/@evil.example'],
    ['/ä?ö#ü', '/%C3%A4?%C3%B6#%C3%BC'],
    ['?tab=1', '/?tab=1'],
    ['https:evil.example', '/evil.example'],
  ])('leads %j to %j, on this origin', async (return_to, path) => {
    expect(await land(return_to)).toBe(path)
  })

  it('is told by the transaction, and not by the address that brings the person back', async () => {
    const app = startApp()
    const request = await app.start({ return_to: '/mine' })
    const address = app.back(request, { return_to: '/theirs' })
    expect(await app.client.callback(address)).toMatchObject({ return_to: '/mine' })
  })
})
