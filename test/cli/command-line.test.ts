import { describe, expect, test } from 'vitest'
import { forgepass } from './forgepass.ts'

describe('the command line', () => {
  test.each([[['--help']], [['forge', 'gitlab', '--help']], [[]]])('%j prints the help', async (args) => {
    const { exitCode, out, err } = await forgepass(...args)
    expect([exitCode, err]).toEqual([0, ''])
    expect(out).toMatch(
      /^Usage: forgepass forge <gitlab\|gitea\|gitcode\|gitkraken\|gitshare\|github\|forgejo>/,
    )
    expect(out).toMatch(/\n {2}lost-reply +Tokens are issued/)
    expect(out.split('\n').filter(({ length }) => length > 80)).toEqual([])
  })

  test.each([
    ['frog', 'Unknown command "frog"'],
    ['forge', 'Unknown forge ""'],
    ['forge svn', 'Unknown forge "svn": there are "gitlab", "gitea", "gitcode",'],
    ['forge gitlab now', 'Unknown argument "now".'],
    ['forge gitlab --speed 9', "Unknown option '--speed'."],
    ['forge gitlab --port', "Option '--port <value>' argument missing."],
    ['forge gitlab --port x', '--port must be a number from 0 to 65535, not "x".'],
    ['forge gitlab --port 65536', '--port must be a number'],
    ['forge gitlab --host 0.0.0.0', '--host must be a loopback address, not "0.0.0.0"'],
    ['forge gitlab --host localhost.evil.test', '--host must be a loopback address'],
    ['forge gitlab --expires-in 0', '--expires-in must be a number of seconds above 0, not "0".'],
    ['forge gitlab --redirect-uri /cb', '--redirect-uri must be an absolute URI, not "/cb".'],
    ['forge gitlab --client-id=', '--client-id must not be empty.'],
    ['forge gitea --client-secret=', '--client-secret must not be empty.'],
    ['forge github --profile current', '--profile is for gitlab, gitea, gitshare alone.'],
    ['forge gitlab --cors', '--cors is for a documented GitLab'],
    ['forge github --fault explode', 'There is no fault "explode": take one of'],
    ['forge github --fault deny:5', 'The fault "deny" takes no number.'],
    ['forge github --fault', "Option '--fault <value>' argument missing."],
    ['forge gitea --profile new', '--profile must be current or documented, not "new".'],
    ['forge gitkraken --cors', '--cors is not for gitkraken'],
    ['forge gitea --cors --profile documented', 'the documented one has no CORS'],
    ['forge gitkraken --expires-in 5', 'its tokens do not expire'],
    ['forge gitkraken --redirect-uri http://a/ --redirect-uri http://b/', '--redirect-uri may be given once'],
  ])('%s is refused in one sentence', async (line, sentence) => {
    const { exitCode, out, err } = await forgepass(...line.split(' '))
    expect([exitCode, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
    expect(err.trim().split('\n')).toHaveLength(1)
  })
})
