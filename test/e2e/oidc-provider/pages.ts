import type Provider from 'oidc-provider'
import type { Context } from 'oidc-provider'
import { ada } from './configuration.ts'

const question = `<!doctype html>
<title>Authorize Reading list</title>
<h1>Reading list wants to know who you are</h1>
<form method="post">
  <button name="answer" value="authorize">Continue as Ada</button>
  <button name="answer" value="deny">Deny</button>
</form>`

async function readForm({ req }: Context): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of req) text += chunk
  return new URLSearchParams(text)
}

/** Asks the person, and tells the provider what they answered: one page for signing in and consent. */
export async function interact(provider: Provider, ctx: Context): Promise<void> {
  const { req, res } = ctx
  const { params } = await provider.interactionDetails(req, res)
  if (ctx.method !== 'POST') {
    ctx.type = 'html'
    ctx.body = question
  } else if ((await readForm(ctx)).get('answer') === 'deny') {
    const result = { error: 'access_denied', error_description: 'End-User aborted interaction' }
    ctx.redirect(await provider.interactionResult(req, res, result))
  } else {
    const grant = new provider.Grant({ accountId: ada.sub, clientId: params.client_id })
    grant.addOIDCScope(params.scope ?? '')
    const result = { login: { accountId: ada.sub }, consent: { grantId: await grant.save() } }
    ctx.redirect(await provider.interactionResult(req, res, result))
  }
}

/** Answers for the person's API, to every origin: says whose token it is. */
export async function answerApi(provider: Provider, ctx: Context): Promise<void> {
  ctx.set({ 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization' })
  ctx.status = 204
  if (ctx.method === 'OPTIONS') return
  const [, value = ''] = /^Bearer (.+)$/.exec(ctx.headers.authorization ?? '') ?? []
  const token = await provider.AccessToken.find(value)
  ctx.status = token ? 200 : 401
  ctx.body = token ? { owner: token.accountId, path: ctx.path } : { error: 'invalid_token' }
}
