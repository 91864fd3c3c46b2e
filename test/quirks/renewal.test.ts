// The numbers are those of list.ts: the project's own list of how the forges differ from the specifications.
import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { forgejo, gitea, gitlab } from '../../src/provider/index.ts'
import { CASES } from '../bff/forges.ts'
import { startAt } from './backend.ts'
import { openPage, type Setting } from './page.ts'

const HOUR = 3_600_000

const SETTINGS: [string, Setting][] = [
  [
    'GitLab, where a refresh token works once',
    {
      make: (registered) => createForge('gitlab', { ...registered, expires_in: 3600 }),
      provider: (base) => gitlab({ base }),
      scope: 'read_user',
    },
  ],
  [
    'Forgejo, where a refresh token works once',
    {
      make: (registered) => createForge('forgejo', { ...registered, cors: true }),
      provider: (base) => forgejo({ base }),
    },
  ],
  [
    'Gitea, where a refresh token works on',
    {
      make: (registered) => createForge('gitea', { ...registered, cors: true }),
      provider: (base) => gitea({ base }),
    },
  ],
]

/** The refresh tokens that were used, in their order. */
const usedAt = ({ forge }: ReturnType<typeof openPage>) =>
  forge.requests.flatMap(({ params }) =>
    params.grant_type === 'refresh_token' ? [params.refresh_token] : [],
  )

describe('a refresh token that may work once only', () => {
  it.each(SETTINGS)('Q36: two tabs and many calls renew once, at %s', async (_, setting) => {
    const page = openPage(setting)
    await page.signIn()
    const other = page.open()
    for (let round = 1; round < 4; round += 1) {
      page.clock.now += HOUR
      const calls = [page.client, other, page.client, other].map((client) => client.fetch('user'))
      expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
      expect(usedAt(page)).toHaveLength(round)
    }
    expect(await other.session()).toEqual(await page.client.session())
  })

  it.each(SETTINGS)('Q36: the new token is kept before it is used, at %s', async (_, setting) => {
    const page = openPage(setting)
    await page.signIn()
    const keep = async () => {
      const kept: unknown[] = []
      for (const key of await page.options.storage.keys()) kept.push(await page.options.storage.get(key))
      return JSON.stringify(kept)
    }
    page.clock.now += HOUR
    const token = await page.client.accessToken()
    expect(await keep()).toContain(token)
    // A page that starts again has nothing else.
    const restarted = page.open()
    expect((await restarted.fetch('user')).status).toBe(200)
    page.clock.now += HOUR
    expect((await restarted.fetch('user')).status).toBe(200)
    expect(usedAt(page)).toHaveLength(2)
  })

  it.each(Object.keys(CASES).filter((name) => CASES[name]?.refreshes))(
    'Q36: many calls by way of the BFF renew once, at %s',
    async (name) => {
      const app = startAt(name)
      await app.signIn()
      for (let round = 2; round < 4; round += 1) {
        app.clock.now += HOUR
        const answers = await Promise.all([app.call(), app.call(), app.call()])
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
        expect(app.tokenRequests()).toHaveLength(round)
      }
    },
  )
})
