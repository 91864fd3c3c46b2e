import { inspect } from 'node:util'
import { expect } from 'vitest'
import { type BffOptions, createBff, OAuthError, type OAuthErrorCode } from '../../src/bff/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { type Changes, optionsOf } from './app.ts'

/** What createBff throws. */
function refusal(options: unknown): OAuthError {
  try {
    createBff(options as BffOptions)
  } catch (error) {
    expect(error).toBeInstanceOf(OAuthError)
    return error as OAuthError
  }
  throw new Error('createBff took it')
}

/** Expects a sentence about it, in which no secret stands. */
export function expectRefusal(options: unknown, code: OAuthErrorCode, words: RegExp) {
  const error = refusal(options)
  expect(error.code).toBe(code)
  expect(error.hint).toMatch(words)
  expect(`${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}`).not.toMatch(/canary/)
}

/** Options with something that the types refuse. */
export const wrong = (changes: object) => ({ ...optionsOf(), ...changes })
/** Options whose GitLab has something that is wrong. */
export const wrongForge = (changes: object) => optionsOf({ providers: { gitlab: changes } } as Changes)
/** Options whose GitLab is another server. */
export const withProvider = (changes: object) => wrongForge({ provider: { ...gitlab(), ...changes } })
