interface Payload {
  readonly uid?: string
  readonly grantId?: string
  readonly exp?: number
  consumed?: number
}

/** Makes the memory of one server, in the shape that oidc-provider asks of a database; expiry is the server's own check. */
export function createAdapter() {
  const models = new Map<string, Map<string, Payload>>()
  return (model: string) => {
    const rows = models.get(model) ?? new Map<string, Payload>()
    models.set(model, rows)
    return {
      upsert: async (id: string, payload: Payload) => void rows.set(id, payload),
      find: async (id: string) => rows.get(id),
      findByUid: async (uid: string) => [...rows.values()].find((row) => row.uid === uid),
      async consume(id: string) {
        const row = rows.get(id)
        if (row) row.consumed = Math.floor(Date.now() / 1000)
      },
      destroy: async (id: string) => void rows.delete(id),
      async revokeByGrantId(grantId: string) {
        for (const [id, row] of rows) if (row.grantId === grantId) rows.delete(id)
      },
    }
  }
}
