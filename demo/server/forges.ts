import { createForge } from 'forgepass/emulator'

/** The forges of the demo; where tokens run out they do so soon, so that a refresh can be seen without a long wait. */
export const forges = {
  gitlab: createForge('gitlab', { basePath: '/forge/gitlab', expires_in: 60 }),
  gitea: createForge('gitea', { basePath: '/forge/gitea', expires_in: 60 }),
  gitkraken: createForge('gitkraken', { basePath: '/forge/gitkraken' }),
}
