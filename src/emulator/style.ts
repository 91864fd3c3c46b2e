/** The look of the forge's pages: one card, the system's fonts, light or dark as the system says. */
export const style = `
:root { color-scheme: light dark; --ground: #f4f3f6; --card: #fff; --ink: #201d29; --soft: #625c70; --line: #d9d5e1;
  --accent: #5b3fd6; --on-accent: #fff; --hover: #f1eefb; --alert: #a3231b; --alert-ground: #fdeceb }
@media (prefers-color-scheme: dark) { :root { --ground: #15131a; --card: #1f1c26; --ink: #eeecf3; --soft: #aaa3b9;
  --line: #3a3546; --accent: #a995ff; --on-accent: #17122b; --hover: #292436; --alert: #ff9d95; --alert-ground: #3a1d1f } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center;
  padding: 1.25rem 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere }
header, footer { max-width: 28rem; width: 100%; font-size: .875rem; color: var(--soft) }
header { display: flex; gap: .625rem; align-items: center; margin-top: auto }
header strong { color: var(--ink); font-weight: 600 }
header svg { flex: none; width: 1.75rem; height: 1.75rem; color: var(--accent) }
footer { margin-bottom: auto; padding: 0 .125rem }
footer p { margin: 0 }
main { width: 100%; max-width: 28rem; margin: 1rem 0; padding: 1.5rem; background: var(--card);
  border: 1px solid var(--line); border-radius: .75rem }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.3; font-weight: 650; text-wrap: pretty }
h2 { margin: 1.5rem 0 .5rem; font-size: 1rem; font-weight: 600 }
p { margin: .5rem 0 }
main > :last-child { margin-bottom: 0 }
a { color: var(--accent) }
code { font-family: ui-monospace, monospace; font-size: .875em }
.soft { color: var(--soft) }
.small { font-size: .875rem }
ul { list-style: none; margin: .75rem 0; padding: 0 }
li + li { margin-top: .5rem }
.scopes { border: 1px solid var(--line); border-radius: .5rem }
.scopes li { padding: .625rem .875rem; margin: 0 }
.scopes li + li { border-top: 1px solid var(--line) }
.scopes span { display: block; font-size: .875rem; color: var(--soft) }
.account { display: flex; align-items: center; gap: .75rem; text-align: start }
.account img { flex: none; width: 2.5rem; height: 2.5rem; border-radius: 50%; background: var(--hover) }
.account span span { display: block; font-size: .875rem; font-weight: 400; color: var(--soft) }
button, input { font: inherit; color: inherit }
button, a.button { min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--card); font-weight: 600; cursor: pointer }
a.button { flex: 1 1 8rem; display: grid; place-content: center; color: inherit; text-decoration: none }
button:hover, a.button:hover { background: var(--hover) }
button.main { border-color: var(--accent); background: var(--accent); color: var(--on-accent) }
button.main:hover { filter: brightness(1.08) }
button.link { min-height: 1.5rem; padding: 0; border: 0; background: none; color: var(--accent); font-weight: 400;
  text-decoration: underline }
button.account { width: 100%; padding: .625rem .875rem }
.choices { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem }
.choices form { flex: 1 1 8rem; display: grid }
label { display: block; margin: .75rem 0 .25rem; font-size: .875rem; font-weight: 600 }
input { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--soft); border-radius: .5rem;
  background: var(--card) }
form > button.main { width: 100%; margin-top: 1rem }
.choices form > button.main { margin-top: 0 }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.alert { margin: .75rem 0; padding: .625rem .875rem; border-radius: .5rem; color: var(--alert);
  background: var(--alert-ground) }
`
