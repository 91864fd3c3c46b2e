import { beforeAll, describe, expect, it } from 'vitest'
import { type Measured, measure } from '../../scripts/size.mjs'
import { SIZE_ENTRIES } from '../../scripts/size-entries.mjs'

/** What belongs on a server, or in tests, and would be dead weight or a danger in a page. */
const SERVER = /^node:|^src\/(emulator|node|vite|cli|bff)\/|\bjose\b|__vite-browser-external/

describe.each(SIZE_ENTRIES)('$name', (entry) => {
  let size: Measured
  beforeAll(async () => {
    size = await measure(entry)
  })

  it(`takes at most ${entry.budget} bytes`, () => expect(size.brotli).toBeLessThanOrEqual(entry.budget))

  it('holds the client and no module of a server', () => {
    expect(size.modules).toContain('src/client/client.ts')
    expect(size.modules.filter((module) => SERVER.test(module))).toEqual([])
  })

  it('sends no client_secret', () => {
    // To refuse it, the text must be there; to send it, it would be a key or the name of a form field.
    expect(size.code).not.toMatch(
      /[{,.]client_secret\s*[:=,}]|\[[`'"]client_secret[`'"]\]\s*=|(set|append)\([`'"]client_secret/,
    )
    expect(size.code).not.toContain('client_secret_basic')
    expect(size.code).not.toContain('client_secret_post')
  })
})
