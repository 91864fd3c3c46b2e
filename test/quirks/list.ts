import type { ForgeName } from '../../src/emulator/index.ts'

/** One way in which forges differ from the specifications. */
export interface Quirk {
  readonly says: string
  readonly forges: readonly ForgeName[]
}

/** A number that no forge here is concerned by, and why. */
export interface Absent {
  readonly absent: string
}

/**
 * The project's own list of how the forges differ from the specifications, by the numbers that the tests of this folder start
 * with: what is different, and where.
 */
export const QUIRKS: Readonly<Record<number, Quirk | Absent>> = {
  1: {
    says: 'Every refused token request carries a Bearer challenge, though no access token is concerned; pages cannot see it.',
    forges: ['gitlab', 'gitshare'],
  },
  2: {
    says: 'A faulty authorization request ends on a page of the forge with status 200, and nobody comes back.',
    forges: ['gitlab'],
  },
  3: {
    says: 'Who need not be asked is led back by a script in a page with status 200, not by a redirect.',
    forges: ['gitlab'],
  },
  4: {
    says: 'Cancel is a plain link to the redirect_uri, with no error and no state.',
    forges: ['gitea', 'forgejo'],
  },
  5: {
    says: 'An error comes back with an empty state where the request had none.',
    forges: ['gitea', 'forgejo'],
  },
  6: {
    says: 'The error unauthorized_client stands for a bad code, verifier, secret or used refresh token alike.',
    forges: ['gitea', 'forgejo'],
  },
  7: {
    says: 'Name and secret in a Basic header are taken as they are, not form-decoded.',
    forges: ['gitlab', 'gitea', 'forgejo'],
  },
  8: {
    says: 'Any Authorization header but Basic makes the token endpoint refuse a client that sends no secret.',
    forges: ['gitea', 'forgejo'],
  },
  9: {
    says: 'At a first consent an S256 challenge is forgotten, and a plain one fits no verifier.',
    forges: ['gitea', 'forgejo'],
  },
  10: {
    says: 'Old releases demand a secret of every application, and CORS is off until an admin enables it.',
    forges: ['gitea', 'forgejo'],
  },
  11: {
    says: 'ID tokens of one release are signed with the client secret (HS256).',
    forges: ['gitea'],
  },
  12: {
    says: 'The issuer ends in a slash, in the metadata and in ID tokens, where the address does not.',
    forges: ['gitea', 'forgejo'],
  },
  13: {
    says: 'An ID token may name a nonce that the application does not check.',
    forges: ['gitlab', 'gitea', 'forgejo'],
  },
  14: {
    says: 'There is no standard endpoint that revokes tokens: people do it in their settings.',
    forges: ['gitea', 'forgejo', 'gitcode', 'gitkraken', 'gitshare', 'github'],
  },
  15: {
    says: 'UserInfo refuses in plain text, and no page of another origin gets through its preflight.',
    forges: ['gitea', 'forgejo'],
  },
  16: {
    says: 'The API names a person by an id, a number at some, and never by the claim sub.',
    forges: ['gitlab', 'gitea', 'forgejo', 'github', 'gitcode', 'gitkraken', 'gitshare'],
  },
  17: { says: 'A token response has no token_type.', forges: ['gitcode'] },
  18: {
    says: 'Token requests have their parameters in the address, the secret in the body, and a refresh token comes alone.',
    forges: ['gitcode'],
  },
  19: {
    says: 'The member created_at is a date in words at one forge, and a number of seconds by its own clock at another.',
    forges: ['gitcode', 'gitlab'],
  },
  20: {
    says: 'Errors may be a message in words alone, without an OAuth error.',
    forges: ['gitcode', 'gitkraken', 'gitlab', 'gitea', 'github'],
  },
  21: {
    says: 'PKCE is not documented, and redirect_uri stands in no token request, or in no request at all.',
    forges: ['gitcode', 'gitkraken'],
  },
  22: {
    says: 'A token response is a token and nothing else: no lifetime, no refresh token, no scope.',
    forges: ['gitkraken'],
  },
  23: { says: 'Errors come without a word of description.', forges: ['gitshare'] },
  24: {
    says: 'Parameters in the address of the token endpoint are refused, in JSON that is labelled as HTML.',
    forges: ['gitshare'],
  },
  25: { says: 'Every address ends in a slash, and without it nothing is there.', forges: ['gitshare'] },
  26: {
    says: 'Without a redirect_uri the code is shown on a page of the forge, for the person to copy.',
    forges: ['gitshare'],
  },
  27: { says: 'Token errors come with status 200.', forges: ['github'] },
  28: {
    says: 'The issuer is named where a code comes back and not where an error does; an Enterprise Server may name none.',
    forges: ['github'],
  },
  29: { absent: 'It is about Bitbucket, which forgepass has no preset for.' },
  30: { absent: 'It is about Sourcehut, which forgepass has no preset for.' },
  31: {
    says: 'The implicit grant, which brings the token itself back in the fragment, is still there in old releases.',
    forges: ['gitlab'],
  },
  32: {
    says: 'A revocation by the wrong client is refused with 403 and unauthorized_client.',
    forges: ['gitlab'],
  },
  33: {
    says: 'The metadata do not say that public clients are taken, and misname a grant.',
    forges: ['gitlab'],
  },
  34: {
    says: 'An error may come back without its state, where anybody can have written it.',
    forges: ['gitlab', 'gitea', 'forgejo', 'github', 'gitcode', 'gitkraken', 'gitshare'],
  },
  35: {
    says: 'Personal access tokens have a header or a scheme of their own.',
    forges: ['gitlab', 'gitea', 'forgejo', 'gitcode', 'github'],
  },
  36: {
    says: 'A refresh token works once at some forges, so that a second use fails, and for ever at others.',
    forges: ['gitlab', 'gitea', 'forgejo', 'gitshare', 'github'],
  },
}
