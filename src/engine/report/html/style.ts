/** Contrast of text is at least 4.5:1 on every ground, light and dark (WCAG 2.2, 1.4.3); colour is never the only sign. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --panel: #f5f6f8; --ink: #1b1f24; --faint: #57606a; --line: #d0d7de;
  --good: #116329; --good-ground: #dafbe1; --bad: #a40e26; --bad-ground: #ffebe9; --unsure: #7a4b00; --unsure-ground: #fff4d4; --link: #0550ae }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --panel: #161b22; --ink: #e6edf3; --faint: #9da7b1; --line: #3d444d;
  --good: #7ee787; --good-ground: #12261e; --bad: #ffa198; --bad-ground: #301b1e; --unsure: #f0c674; --unsure-ground: #2c2410; --link: #79c0ff } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 4rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem } h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem } h3 { font-size: 1rem; margin: 0 0 .5rem }
a { color: var(--link) } .skip { position: absolute; left: -99rem } .skip:focus { position: static }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
code, pre { font: .85rem/1.45 ui-monospace, monospace }
pre { margin: 0; padding: .75rem; max-height: 32rem; overflow: auto; background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; white-space: pre; tab-size: 4 }
.badge { display: inline-block; padding: .05rem .5rem; border: 1px solid currentColor; border-radius: 1rem; font-weight: 600; font-size: .85rem; white-space: nowrap }
.good { color: var(--good); background: var(--good-ground) } .bad { color: var(--bad); background: var(--bad-ground) } .unsure { color: var(--unsure); background: var(--unsure-ground) }
.faint { color: var(--faint) }
.steps { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; padding: 0; margin: 1rem 0 } .steps li { flex: 1 1 10rem; border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .75rem }
.steps .count { display: block; font-size: 1.25rem; font-weight: 600; background: none }
.timeline { list-style: none; margin: 0; padding: 0 0 0 1.25rem; border-left: 2px solid var(--line) } .timeline > li { margin: 0 0 1.5rem; position: relative } .timeline > li::before { content: ""; position: absolute; left: -1.65rem; top: .45rem; width: .7rem; height: .7rem; border-radius: 50%; background: var(--faint) }
.sides { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); margin: 0 0 1rem } .sides > section { min-width: 0 }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .25rem 1rem; margin: 0 } dt { color: var(--faint) } dd { margin: 0 }
details { margin: .5rem 0 } summary { cursor: pointer; padding: .2rem 0 }
table { border-collapse: collapse; width: 100% } caption { text-align: left; color: var(--faint) } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line) }
.diff span { display: block; min-width: max-content } .diff .add { color: var(--good); background: var(--good-ground) } .diff .del { color: var(--bad); background: var(--bad-ground) } .diff .at { color: var(--faint) } .diff .head { font-weight: 600 }
@media print { pre { max-height: none; white-space: pre-wrap } }
`
