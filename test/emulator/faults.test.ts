import { describe, expect, test } from 'vitest'
import { createForge, type ForgeFault } from '../../src/emulator/index.ts'
import { errorOf, everyForge, start } from './every-forge.ts'

/** Forges that hand out refresh tokens. */
const renewing = everyForge.filter(([label]) => label !== 'GitKraken Boards')
/** Of those, the ones whose refresh tokens are for one use. */
const rotating = renewing.filter(([label]) => !label.endsWith('Gitea'))

describe.each(everyForge)('%s', (label, startForge) => {
  test('has no fault unless told to', async () => {
    const { forge, winToken, readUser } = startForge()
    forge.fault(undefined)
    expect((await readUser((await winToken()).access_token ?? '')).status).toBe(200)
  })

  test('lost-reply: issues the token, and loses the answer', async () => {
    const { forge, winCode, exchange, token } = startForge({ fault: 'lost-reply' })
    const code = await winCode()
    await expect(exchange(code)).rejects.toThrow(TypeError)
    expect(forge.requests.at(-1)).toMatchObject({ path: token, status: 0 })
    forge.fault(undefined)
    expect(await errorOf(await exchange(code))).toBeDefined()
  })

  test('server-error: the token endpoint is a page of the gateway, and the code is not used', async () => {
    const { forge, winCode, exchange } = startForge({ fault: 'server-error' })
    const code = await winCode()
    const response = await exchange(code)
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html'])
    forge.fault([])
    expect(await errorOf(await exchange(code))).toBeUndefined()
  })

  test('rate-limit: tokens and API wait, pages do not', async () => {
    const { forge, winCode, winToken, exchange, readUser } = startForge()
    const { access_token = '' } = await winToken()
    forge.fault('rate-limit')
    for (const response of [await exchange(await winCode()), await readUser(access_token)])
      expect([response.status, response.headers.get('retry-after')]).toEqual([429, '30'])
    forge.fault('rate-limit:7')
    expect((await readUser(access_token)).headers.get('retry-after')).toBe('7')
  })

  test('revoked-token: a token is dead when it is used', async () => {
    const { forge, winToken, readUser } = startForge()
    const { access_token = '' } = await winToken()
    forge.fault('revoked-token')
    expect((await readUser(access_token)).status).toBe(401)
  })

  test('expired-code: a code is over when it is exchanged', async () => {
    const { winCode, exchange } = startForge({ fault: 'expired-code' })
    const expected = {
      'documented Gitea': 'unauthorized_client',
      GitHub: 'bad_verification_code',
    }[label]
    expect(await errorOf(await exchange(await winCode()))).toBe(expected ?? 'invalid_grant')
  })

  test('reset-secret: the right secret is wrong', async () => {
    const { winCode, exchange } = startForge({ fault: 'reset-secret' })
    const expected = { GitHub: 'incorrect_client_credentials' }[label]
    const wrong = /Gitea|Forgejo/.test(label) ? 'unauthorized_client' : 'invalid_client'
    expect(await errorOf(await exchange(await winCode()))).toBe(expected ?? wrong)
  })

  test.each(['authorize', 'deny'] as const)(
    'wrong-iss: comes back from somebody else: %s',
    async (decision) => {
      const { forge, authorizeUrl } = startForge({ fault: 'wrong-iss' })
      const url = await forge.visit(authorizeUrl(), { decision })
      // Its Cancel is a link to the application, which no answer of the forge goes through.
      const silent = label === 'documented Gitea' && decision === 'deny'
      expect(url.searchParams.getAll('iss')).toEqual(silent ? [] : ['https://wrong-issuer.example'])
      expect(url.searchParams.has(decision === 'authorize' ? 'code' : 'error')).toBe(!silent)
    },
  )

  test('deny: says no at once, without a page, also where it was agreed before', async () => {
    const { forge, authorizeUrl, winToken, send } = startForge()
    await winToken()
    forge.fault('deny')
    const asked = forge.requests.length
    const { status, headers } = await send(authorizeUrl().slice('https://forge.test/deep/forge'.length))
    expect([302, 303]).toContain(status)
    expect(forge.requests).toHaveLength(asked + 1)
    const told = new URL(headers.get('location') ?? '').searchParams
    const expected = label === 'documented Gitea' ? [null, null] : ['access_denied', 'S']
    expect([told.get('error'), told.get('state')]).toEqual(expected)
    expect(headers.has('set-cookie')).toBe(false)
  })

  test('no-cors: shares nothing, and lets no preflight pass', async () => {
    const { forge, winToken, readUser, preflight } = startForge({ fault: 'no-cors' })
    const response = await readUser((await winToken()).access_token ?? '')
    expect(response.status).toBe(200)
    for (const { headers } of [response, await preflight()])
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    forge.fault(undefined)
    expect((await preflight()).headers.has('access-control-allow-origin')).toBe(label !== 'documented Gitea')
  })

  test('coop: cuts off who opened its pages', async () => {
    const { send, forge } = startForge({ fault: 'coop' })
    const path = new URL((await send('/')).headers.get('location') ?? '').pathname
    const read = async () => (await send(path.slice('/deep/forge'.length))).headers
    expect((await read()).get('cross-origin-opener-policy')).toBe('same-origin')
    forge.fault(undefined)
    expect((await read()).has('cross-origin-opener-policy')).toBe(false)
  })

  test('clock-skew: tells another time, and goes by it', async () => {
    const now = () => Date.parse('2026-10-04T12:00:00Z')
    const { forge, winToken, readUser } = startForge({ fault: 'clock-skew', now })
    const response = await readUser((await winToken()).access_token ?? '')
    expect(response.headers.get('date')).toBe('Sat, 03 Oct 2026 12:00:00 GMT')
    forge.fault('clock-skew:3600')
    const later = (await readUser((await winToken()).access_token ?? '')).headers
    expect(later.get('date')).toBe('Sun, 04 Oct 2026 13:00:00 GMT')
  })
})

describe.each(renewing)('the refresh token of %s', (_, startForge) => {
  test('revoked-token: is dead when it is used', async () => {
    const { forge, winToken, refresh } = startForge()
    const { refresh_token = '' } = await winToken()
    forge.fault('revoked-token')
    expect(await errorOf(await refresh(refresh_token))).toBeDefined()
  })

  test('reuse-detection: used twice, ends all tokens of the sign-in', async () => {
    const { winToken, refresh, readUser } = startForge({ fault: 'reuse-detection' })
    const { refresh_token = '' } = await winToken()
    const { access_token } = await (await refresh(refresh_token)).json()
    expect((await readUser(access_token)).status).toBe(200)
    expect(await errorOf(await refresh(refresh_token))).toBeDefined()
    expect((await readUser(access_token)).status).toBe(401)
  })

  test('reuse-detection: leaves alone who refreshes in turn, and who guesses', async () => {
    const { winToken, refresh, readUser } = startForge({ fault: 'reuse-detection' })
    let { refresh_token = '', access_token = '' } = await winToken()
    for (let round = 0; round < 3; round += 1) {
      await refresh('guess')
      ;({ refresh_token = '', access_token = '' } = await (await refresh(refresh_token)).json())
    }
    expect((await readUser(access_token)).status).toBe(200)
  })

  test('both together: somebody else was first, so all end', async () => {
    const { forge, winToken, refresh, readUser } = startForge()
    const other = await winToken()
    const { refresh_token = '' } = await winToken()
    forge.fault(['refresh-replayed', 'reuse-detection'])
    expect(await errorOf(await refresh(refresh_token))).toBeDefined()
    expect((await readUser(other.access_token ?? '')).status).toBe(401)
  })
})

test.each(rotating)(
  'refresh-replayed: at %s somebody else was first, and nothing else ends',
  async (_, begin) => {
    const { forge, winToken, refresh, readUser } = begin()
    const other = await winToken()
    const { refresh_token = '' } = await winToken()
    forge.fault('refresh-replayed')
    expect(await errorOf(await refresh(refresh_token))).toBeDefined()
    expect((await readUser(other.access_token ?? '')).status).toBe(200)
  },
)

test('refresh-replayed: Gitea does not mind, as it comes', async () => {
  const { winToken, refresh } = start('Gitea', { fault: 'refresh-replayed' })
  expect((await refresh((await winToken()).refresh_token ?? '')).status).toBe(200)
})

test.each<[unknown, string]>([
  ['lost', 'There is no fault "lost": take one of no-cors, clock-skew,'],
  ['toString', 'There is no fault "toString"'],
  [['deny', 'x'], 'There is no fault "x"'],
  ['deny:5', 'The fault "deny" takes no number.'],
  ['slow:fast', 'The fault "slow" takes a whole number, not "fast".'],
  ['slow:1:2', 'takes a whole number, not "1:2".'],
  ['slow:', 'takes a whole number, not "".'],
])('the fault %j is refused', (fault, words) => {
  expect(() => createForge('gitlab', { fault: fault as ForgeFault })).toThrow(words)
  const forge = createForge('gitlab')
  expect(() => forge.fault(fault as ForgeFault)).toThrow(TypeError)
})

test('a fault that is none is refused by the types too', () => {
  // @ts-expect-error It has no number.
  expect(() => createForge('gitlab', { fault: 'deny:5' })).toThrow(TypeError)
  // @ts-expect-error There is none of this name.
  expect(() => createForge('gitlab').fault('explode')).toThrow(TypeError)
})
