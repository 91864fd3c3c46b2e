/** Answers as the gateway in front of a forge that is down: HTML, also where JSON is expected. */
export const badGateway = (): Response =>
  new Response(
    '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
    { status: 502, headers: { 'content-type': 'text/html' } },
  )
