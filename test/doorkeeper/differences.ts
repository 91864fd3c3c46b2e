import type { Address, Observation } from './observation.ts'

/** One way in which the emulator, being GitLab, is not the Doorkeeper 5.5 of these tests. */
export interface Difference {
  readonly what: string
  readonly reason: string
  /** Changes Doorkeeper's answer into the one that is expected; gives the same object where it does not apply. */
  readonly change: (seen: Observation, context: Context) => Observation
}

interface Context {
  /** The name of the case. */
  readonly name: string
  /** What the emulator answered: for what is not compared at all. */
  readonly emulated: Observation
}

const withHeader = (seen: Observation, name: string, value: string | undefined): Observation => {
  const { [name]: before, ...headers } = seen.headers
  if (before === value) return seen
  return { ...seen, headers: value ? { ...headers, [name]: value } : headers }
}

const isPage = ({ body, location }: Observation) =>
  location !== undefined || (typeof body === 'object' && !Array.isArray(body))

export const DIFFERENCES: readonly Difference[] = [
  {
    what: 'Cache-Control of tokens and refusals',
    reason: 'Doorkeeper says no-store alone until 5.5, GitLab’s later one adds no-cache.',
    change: (seen) =>
      seen.headers['cache-control'] === 'no-store' && seen.headers.pragma
        ? withHeader(seen, 'cache-control', 'no-store, no-cache')
        : seen,
  },
  {
    what: 'Cache-Control of pages',
    reason: 'The emulator’s pages, of whatever forge, show passwords and are never stored.',
    change: (seen) => (isPage(seen) ? withHeader(seen, 'cache-control', 'no-store') : seen),
  },
  {
    what: 'Vary: Accept',
    reason: 'Rails could answer in several formats and says so; the emulator has one format for each path.',
    change: (seen) => {
      const vary = seen.headers.vary?.split(', ').filter((name) => name !== 'Accept')
      return vary ? withHeader(seen, 'vary', vary.join(', ')) : seen
    },
  },
  {
    what: 'scopes and expires_in_seconds of token/info',
    reason: 'GitLab keeps these old names beside the new ones.',
    change: (seen, { name }) => {
      if (seen.status !== 200 || !/token\/info|info after|the token of|access token/.test(name)) return seen
      const { scope, expires_in } = Object.fromEntries(seen.body as [string, unknown][])
      if (expires_in === undefined || !Array.isArray(scope)) return seen
      return {
        ...seen,
        body: [...(seen.body as unknown[]), ['scopes', scope], ['expires_in_seconds', expires_in]],
      }
    },
  },
  {
    what: 'the page between an approval without question and the application',
    reason: 'GitLab answers with a page that goes on by script, Doorkeeper redirects.',
    change: (seen, { name }) => {
      if (!name.startsWith('authorize') || !seen.location?.query.some(([key]) => key === 'code')) return seen
      const { location, ...rest } = seen
      return { ...rest, status: 200, body: { page: 'redirect', location } }
    },
  },
  {
    what: 'answers of the API',
    reason:
      'GitLab’s API has a guard and words of its own; this test has only the status and CORS of a Doorkeeper API.',
    change: (seen, { name, emulated }) => {
      if (!name.includes('/api/')) return seen
      const own = Object.entries(emulated.headers).filter(([header]) => !/^access-control|^vary/.test(header))
      const shared = Object.entries(seen.headers).filter(([header]) => /^access-control|^vary/.test(header))
      // A wrong method is a wrong path to Rails, but not to the API of GitLab.
      const status = emulated.status === 405 ? 405 : seen.status
      return { status, headers: Object.fromEntries([...own, ...shared]), body: emulated.body }
    },
  },
  {
    what: 'response_mode=fragment',
    reason: 'Doorkeeper heeds it for a code from 5.5.2 on.',
    change: (seen, { name }) => {
      const { page, location } = (seen.body ?? {}) as { page?: string; location?: Address }
      if (!name.endsWith('trusted client with response_mode fragment') || page !== 'redirect' || !location)
        return seen
      return { ...seen, body: { page, location: { ...location, query: [], fragment: location.query } } }
    },
  },
  {
    what: 'response_mode=form_post where nobody is asked',
    reason: 'GitLab’s page that goes on by script knows nothing of it, Doorkeeper posts.',
    change: (seen, { name, emulated }) =>
      name.endsWith('trusted client with response_mode form_post') ? { ...seen, body: emulated.body } : seen,
  },
  {
    what: 'the nonce in the question',
    reason: 'GitLab’s own page sends it again, for the ID token; Doorkeeper’s page of this version does not.',
    change: (seen, { name, emulated }) =>
      name === 'authorize: a nonce' ? { ...seen, body: emulated.body } : seen,
  },
  {
    what: 'denial of what nobody was asked',
    reason:
      'Doorkeeper sends a denial wherever the form says, or breaks over it; the emulator sends nobody to strangers.',
    change: (seen, { name, emulated }) => {
      const shown = (emulated.body as { page?: string } | undefined)?.page === 'error'
      return name.startsWith('denial') && shown && emulated.status === 200 ? emulated : seen
    },
  },
  {
    what: 'the default port in a redirect',
    reason: 'Ruby leaves it out when it writes the address again.',
    change: (seen, { name }) =>
      name.includes('with its port') && seen.location
        ? { ...seen, location: { ...seen.location, to: seen.location.to.replace('.test/', '.test:443/') } }
        : seen,
  },
  {
    what: 'words of pages that are none of OAuth',
    reason: 'They are static files with words of their own in each Rails application.',
    change: (seen, { emulated }) => {
      if (![400, 404, 422].includes(seen.status) || seen.status !== emulated.status) return seen
      if (!/html/.test(seen.headers['content-type'] ?? '')) return seen
      const { 'content-type': type = '' } = emulated.headers
      return withHeader({ ...seen, body: emulated.body }, 'content-type', type)
    },
  },
  {
    what: 'revocation of a refresh token whose access token has run out',
    reason: 'Doorkeeper revokes it from 5.8.1 on.',
    change: (seen, { name, emulated }) =>
      name === 'revoke: refresh after its refresh_token was revoked when it had run out' ? emulated : seen,
  },
  {
    what: 'the hint refresh_token with an access token',
    reason: 'Doorkeeper looks for a refresh token alone from 5.8.1 on, and so finds nothing to revoke.',
    change: (seen, { name, emulated }) => (/^revoke: \w+ after a wrong hint$/.test(name) ? emulated : seen),
  },
]
