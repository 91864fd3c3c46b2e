/** What everyone has at a forge, for an application to show. */
export const sampleRepositories = [
  {
    path: 'lantern',
    name: 'Lantern',
    description: 'Static site for the reading group',
    visibility: 'public',
    star_count: 12,
  },
  {
    path: 'tide-tables',
    name: 'Tide Tables',
    description: 'When the harbour is deep enough',
    visibility: 'public',
    star_count: 3,
  },
  { path: 'field-notes', name: 'Field Notes', description: null, visibility: 'private', star_count: 0 },
] as const
