/** Headers of every answer that holds a token or refuses one (RFC 6749 section 5.1). */
const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' }

/** Writes an object as Python does, with a space after each colon and comma. */
const write = (body: Readonly<Record<string, string | number>>): string =>
  `{${Object.entries(body)
    .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(', ')}}`

/** Answers with JSON as GitShare writes it. */
export const pythonJson = (
  body: Readonly<Record<string, string | number>>,
  { status = 200, headers = {} }: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): Response =>
  new Response(write(body), {
    status,
    headers: { 'content-type': 'application/json', ...noStore, ...headers },
  })
