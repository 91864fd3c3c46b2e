import { describe, expect, test } from 'vitest'
import { confidentialClient, publicClient, refused, startApp, tell, winPublicToken } from './gitea-app.ts'

const { client_id, client_secret = '' } = confidentialClient

describe('client authentication at a Gitea of today', () => {
  const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` })
  const exchange = async (params: Record<string, string>, headers: Record<string, string>) => {
    const { winCode, withCode, post } = startApp()
    return tell(await post({ ...withCode(await winCode()), ...params }, headers))
  }

  test('reads Basic as it is, without decoding', async () => {
    expect((await exchange({ client_id: '', client_secret: '' }, basic(client_id, client_secret)))[0]).toBe(
      200,
    )
    expect(await exchange({ client_id: '', client_secret: '' }, basic('8a3f%2Duuid', client_secret))).toEqual(
      refused('invalid_client', "cannot load client with client id: '8a3f%2Duuid'"),
    )
  })

  test('wants header and body to agree', async () => {
    for (const [name, params] of [
      ['client_id', { client_id: 'spa-1', client_secret: '' }],
      ['client_secret', { client_id: '', client_secret: 'x' }],
    ] as const) {
      expect(await exchange(params, basic(client_id, client_secret))).toEqual(
        refused('invalid_request', `${name} in request body inconsistent with Authorization header`),
      )
    }
  })

  test('stumbles over any other header where the body has no secret, and over none where it has', async () => {
    const stray = { authorization: 'Bearer x' }
    const unreadable = refused('invalid_request', 'cannot parse basic auth header')
    expect(await exchange({ client_secret: '' }, stray)).toEqual(unreadable)
    expect((await exchange({}, stray))[0]).toBe(200)
  })
})

describe('refreshing at a Gitea of today', () => {
  test('needs the client, gives a new token and leaves the old one usable', async () => {
    const { winToken, refresh } = startApp()
    const { refresh_token = '' } = await winToken()
    const second = await (await refresh(refresh_token)).json()
    expect(second.refresh_token).not.toBe(refresh_token)
    expect((await refresh(refresh_token)).status).toBe(200)
    const wrong = (params: Record<string, string>) => refresh(refresh_token, params).then(tell)
    expect(await wrong({})).toEqual(refused('invalid_client', 'cannot load client with client id: ""'))
    expect(await wrong({ client_id })).toEqual(refused('invalid_client', 'invalid empty client secret'))
    expect(await wrong({ client_id, client_secret: 'x' })).toEqual(
      refused('invalid_client', 'invalid client secret'),
    )
    expect(await wrong({ client_id: publicClient.client_id })).toEqual(
      refused('invalid_grant', 'refresh token belongs to a different client'),
    )
  })

  test('needs no secret of a public client', async () => {
    const app = startApp()
    const { refresh_token } = await (await winPublicToken(app)).json()
    expect((await app.refresh(refresh_token, { client_id: publicClient.client_id })).status).toBe(200)
  })

  test('cannot parse what is no refresh token, or one that is a month old', async () => {
    let now = 0
    const { winToken, refresh } = startApp({ now: () => now })
    const { refresh_token = '' } = await winToken()
    const unreadable = refused('unauthorized_client', 'unable to parse refresh token')
    for (const garbage of ['', 'x', 'a.b.c']) expect(await tell(await refresh(garbage))).toEqual(unreadable)
    now = 730 * 3_600_000 + 1
    expect(await tell(await refresh(refresh_token))).toEqual(unreadable)
  })

  test('told to, works once', async () => {
    const { winToken, refresh } = startApp({ invalidate_refresh_tokens: true })
    const { refresh_token = '' } = await winToken()
    const second = await (await refresh(refresh_token)).json()
    expect(await tell(await refresh(refresh_token))).toEqual(
      refused('unauthorized_client', 'token was already used'),
    )
    expect((await refresh(second.refresh_token)).status).toBe(200)
  })

  test('ends when everything is revoked', async () => {
    const { forge, winToken, refresh } = startApp()
    const { refresh_token = '' } = await winToken()
    forge.revokeAll()
    expect(await tell(await refresh(refresh_token))).toEqual(refused('invalid_grant', 'grant does not exist'))
  })
})
