/** The redirect_uri as it is sent: absolute as given, byte for byte, or a path of this origin made absolute. */
export const absoluteRedirectUri = (redirect_uri: string): string =>
  /^\/(?!\/)/.test(redirect_uri) ? globalThis.location?.origin + redirect_uri : redirect_uri
