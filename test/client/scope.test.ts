import { describe, expect, it } from 'vitest'
import { type Answer, type App, failure, json, startApp, until } from './app.ts'

const granting = (scope: string | undefined): Answer => {
  return () => json({ access_token: 'AT', token_type: 'bearer', refresh_token: 'RT', scope })
}

const scopeOf = async (app: App, scope: string | undefined) => {
  app.answers.token = granting(scope)
  return (await app.client.callback(app.back(await app.start())))?.session.scope
}

describe('the granted scope', () => {
  it('H32: reports what was granted, also less than was asked for', async () => {
    expect(await scopeOf(startApp({ scope: 'api read_user' }), 'read_user')).toBe('read_user')
  })

  it('reports what was asked for where the server does not say', async () => {
    expect(await scopeOf(startApp({ scope: 'api read_user' }), undefined)).toBe('api read_user')
  })

  it('H32: refuses a grant without a required scope, keeps the old session and gives the tokens back', async () => {
    const app = startApp({ scope: 'api read_user', requiredScope: 'api' })
    const { client, storage } = app
    app.answers.token = () => json({ access_token: 'OLD', token_type: 'bearer', scope: 'api' })
    await app.signIn()
    const [session, stored] = [await client.session(), structuredClone([...storage])]
    app.answers.token = granting('read_api read_user')
    const address = app.back(await app.start())
    expect(await failure(client.callback(address))).toMatchObject({ code: 'scope_insufficient' })
    await until(() => expect(app.revocations()).toHaveLength(2))
    expect(app.revocations().map(({ body }) => body.get('token'))).toEqual(['RT', 'AT'])
    expect([...storage]).toEqual(stored)
    expect(await client.callback(address)).toMatchObject({ session })
    expect(app.exchanges()).toHaveLength(2)
  })

  it('H33: reports more than was asked for, and refuses it where the app is exact', async () => {
    expect(await scopeOf(startApp(), 'api read_user')).toBe('api read_user')
    const app = startApp({ exactScope: true })
    await expect(scopeOf(app, 'api read_user')).rejects.toMatchObject({ code: 'scope_exceeded' })
    await until(() => expect(app.revocations()).toHaveLength(2))
    expect(app.storage.size).toBe(0)
    expect(await app.client.session()).toBeNull()
  })

  it('H33: takes less, and the same in another order, as within what was asked for', async () => {
    for (const granted of ['read_user', 'read_user api']) {
      const app = startApp({ scope: 'api read_user', exactScope: true })
      expect(await scopeOf(app, granted)).toBe(granted)
    }
  })

  it.each<[unknown]>([[['api', 'sudo']], [[]], [{ api: true }], [7], [true], [0], [false]])(
    'is not taken for none where it is no text: %j',
    async (scope) => {
      for (const demand of [{}, { exactScope: true }, { requiredScope: 'read_user' }]) {
        const app = startApp(demand)
        app.answers.token = () => json({ access_token: 'AT', token_type: 'bearer', scope })
        expect(await failure(app.client.callback(app.back(await app.start())))).toMatchObject({
          code: 'malformed_response',
        })
        expect(await app.client.session()).toBeNull()
      }
    },
  )

  it('is what was asked for where the server says null', async () => {
    const app = startApp({ exactScope: true })
    app.answers.token = () => json({ access_token: 'AT', token_type: 'bearer', scope: null })
    expect((await app.client.callback(app.back(await app.start())))?.session.scope).toBe('read_user')
  })

  it('takes no heed of spaces too many, and none granted as within what was asked for', async () => {
    const spaced = startApp({ scope: 'api  read_user', requiredScope: ' read_user  api ', exactScope: true })
    expect(await scopeOf(spaced, 'api  read_user ')).toBe('api  read_user ')
    expect(await scopeOf(startApp({ exactScope: true }), '')).toBe('')
  })

  it('H32: finds every required scope in any order, and none that is part of another', async () => {
    const app = startApp({ scope: 'api read_user', requiredScope: 'api read_user' })
    expect(await scopeOf(app, 'read_user api')).toBe('read_user api')
    const near = startApp({ scope: 'api', requiredScope: 'api' })
    await expect(scopeOf(near, 'read_api api_v4')).rejects.toMatchObject({ code: 'scope_insufficient' })
  })
})
