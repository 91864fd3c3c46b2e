import { fail } from '../protocol/errors.ts'
import type { Forge } from './context.ts'

/** What no part of a path may be, decoded: a step (also with parameters), a separator, a control character, or encoded once more. */
const UNSAFE = /^\.{0,2}([;?#].*)?$|[\\\p{Cc}]|%(2e|2f|5c|25|0)/iu

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

/** Whether a path stays where it seems to lead, for every server that reads it. */
function isPlain(path: string, { provider }: Forge): boolean {
  const parts = path.split('/')
  // A slash at the end is no empty part.
  if (parts.length > 1 && parts.at(-1) === '') parts.pop()
  return parts.every((part, index) => {
    const inner = decode(part).split('/')
    const isSlashFine = inner.length === 1 || provider.encoded_slash
    return (
      isSlashFine && inner.every((one) => !UNSAFE.test(one)) && !(index === 0 && inner[0]?.startsWith('@'))
    )
  })
}

/** Parameters that some forge takes a token in, before the one of the header; also in the brackets and spaces that servers drop. */
const TOKEN = /^[\s\p{Cc}[\]]*((access|bearer|feed|job|private|rss)[-_. ])?token($|[\s\p{Cc}[\]])/iu

/** Whether a query brings a token of its own; there are servers that take `;` for `&`. */
const bringsToken = (search: string): boolean =>
  [...new URLSearchParams(search.replaceAll(';', '&')).keys()].some((name) => TOKEN.test(name))

/** Whether one of the rules, such as `GET user` or `POST projects/`, lets a request through. */
function isAllowed(rules: readonly string[], { method, path }: { method: string; path: string }): boolean {
  return rules.some((rule) => {
    const [prefix = '', verb = ''] = rule.split(' ').reverse()
    const covers = prefix.endsWith('/') ? path.startsWith(prefix) : path === prefix
    return covers && (verb === '' || verb === method || (verb === 'GET' && method === 'HEAD'))
  })
}

/**
 * The address that a proxied request leads to; nothing outside of the forge's API base and of the configured rules
 * (RFC 10017 section 6.1.3.6). `path` is as the client sent it, below `api/<name>/`. Throws `resource_not_allowed`.
 */
export function resolveTarget(
  forge: Forge,
  { method, path, search }: { method: string; path: string; search: string },
): URL {
  const { provider, api } = forge
  const { api_base } = provider
  if (!api_base) return fail('resource_not_allowed', `The provider "${forge.name}" has no api_base.`)
  if (!isPlain(path, forge) || (api && !isAllowed(api, { method, path })))
    fail('resource_not_allowed', `Ask for a plain path below api/${forge.name}/ that the BFF allows.`)
  if (bringsToken(search))
    fail('resource_not_allowed', 'Leave tokens out of the address: the BFF adds its own.')
  const target = new URL(api_base + path + search)
  // What the checks above mean, said once more by the one who sends it.
  return target.href.startsWith(new URL(api_base).href) ? target : fail('resource_not_allowed')
}
