export { type Binding, findBinding } from './binding.ts'
export { type Finding, findSecrets, type NamedFile } from './find-secrets.ts'
export { type Evidence, reportFinding, type Source } from './report.ts'
export type { Spelling } from './search.ts'
