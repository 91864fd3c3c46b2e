import { expect, test } from 'vitest'
import { type Choice, choices } from '../../demo/choice.ts'
import { describeFarewell, describeSpending, describeWhereabouts } from '../../demo/words.ts'

const all: Choice[] = choices.forge.flatMap((forge) =>
  choices.tokens.flatMap((tokens) => choices.flow.map((flow) => ({ forge, tokens, flow }))),
)

test.each(all)('one short sentence says where secret and tokens are: $forge, $tokens, $flow', (choice) => {
  const sentence = describeWhereabouts(choice)
  expect(sentence).toMatch(/^[A-Z][^.]+\.$/)
  expect(sentence.split(' ').length).toBeLessThan(20)
  expect(sentence).toContain('secret')
  expect(sentence).toContain(choice.tokens === 'server' ? 'HttpOnly cookie' : 'IndexedDB')
})

test.each<[Partial<Choice>, boolean, string]>([
  [{}, true, 'GitLab has confirmed it: the tokens are revoked.'],
  [{}, false, 'gone from this browser, but GitLab did not confirm that it revoked the tokens.'],
  [{ tokens: 'server' }, false, 'its cookie is gone, but GitLab did not confirm'],
  [{ forge: 'gitea' }, false, 'gone from this browser. Gitea has no way for an app to revoke tokens.'],
  [{ forge: 'gitkraken', tokens: 'server' }, false, 'its cookie is gone. GitKraken has no way'],
  [{ forge: 'gitkraken' }, false, 'It is good until you delete it in GitKraken’s settings.'],
])('after the sign-out of %o, revoked: %s', (part, revoked, words) => {
  const choice: Choice = { forge: 'gitlab', tokens: 'browser', flow: 'redirect', ...part }
  expect(describeFarewell(choice, { revoked })).toContain(words)
})

test.each<[Choice['tokens'], boolean, RegExp]>([
  ['browser', false, /^No refresh was due: the token is good for \d+ s\.$/],
  ['browser', true, /^The token was used up, so it was refreshed first\.$/],
  ['server', false, /^The server added the token, which is good for \d+ s\.$/],
  ['server', true, /so the server refreshed it first\.$/],
])('a call with the token at the %s, refreshed: %s', (tokens, refreshed, words) => {
  const spending = { expires_at: Date.now() + 60_000, refreshed }
  expect(describeSpending({ forge: 'gitlab', tokens, flow: 'redirect' }, spending)).toMatch(words)
})
