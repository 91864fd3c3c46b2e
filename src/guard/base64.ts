const bytesOf = (text: string) => String.fromCharCode(...new TextEncoder().encode(text))

const toUrlAlphabet = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_')

/** Drops the characters that depend on neighbours too: those of `shift` bytes before, and the last, incomplete one. */
function alignedForm(bytes: string, shift: 0 | 1 | 2): string {
  const certain = Math.floor(((shift + bytes.length) * 4) / 3)
  return btoa('\0'.repeat(shift) + bytes).slice([0, 2, 3][shift], certain)
}

/** Lists what a text looks like inside longer base64, at all three alignments and in both alphabets (RFC 4648 sections 4 and 5). */
export function base64Forms(text: string): string[] {
  const bytes = bytesOf(text)
  const forms = ([0, 1, 2] as const).map((shift) => alignedForm(bytes, shift))
  return [...new Set([...forms, ...forms.map(toUrlAlphabet)])]
}

/** Reads base64 of either alphabet, as far as it goes. */
export function fromBase64(text: string): Uint8Array {
  const standard = text.replaceAll('-', '+').replaceAll('_', '/')
  // One character alone holds no byte, and would be refused.
  const bytes = atob(standard.length % 4 === 1 ? standard.slice(0, -1) : standard)
  const array = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) array[i] = bytes.charCodeAt(i)
  return array
}
