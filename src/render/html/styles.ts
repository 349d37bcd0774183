/** One style sheet, inside the page: light and dark by the reader's setting, phone and print included. */
export const styles = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --line: #d9dee5; --text: #16202c; --muted: #51606f; --link: #0b5cad;
  --pass: #17663a; --pass-soft: #e2f3e8; --fail: #a61b1b; --fail-soft: #fbe6e6;
  --warning: #7a4a00; --warning-soft: #fdf0d8; --info: #1b4f91; --info-soft: #e4eefb;
  --code: #eef1f5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11161c; --card: #1a212a; --line: #313c49; --text: #e6ebf1; --muted: #a3b0be; --link: #7db8f5;
    --pass: #7fd6a0; --pass-soft: #163322; --fail: #ff9d9d; --fail-soft: #421c1c;
    --warning: #f0c274; --warning-soft: #3b2c0f; --info: #92c1ff; --info-soft: #172c47;
    --code: #232c37;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
p { margin: .25rem 0; }
.muted { color: var(--muted); }
.verdict { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: center; padding: 1.1rem 1.25rem; border-radius: .6rem; border: 1px solid var(--line); border-left: .5rem solid; background: var(--card); margin: 1rem 0; }
.verdict strong { font-size: 1.6rem; letter-spacing: .02em; }
.verdict.pass { border-left-color: var(--pass); } .verdict.pass strong { color: var(--pass); }
.verdict.fail, .verdict.error { border-left-color: var(--fail); } .verdict.fail strong, .verdict.error strong { color: var(--fail); }
.verdict.inconclusive { border-left-color: var(--warning); } .verdict.inconclusive strong { color: var(--warning); }
.tag { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; font-size: .85rem; font-weight: 600; white-space: nowrap; }
.tag.pass { color: var(--pass); background: var(--pass-soft); }
.tag.fail, .tag.error { color: var(--fail); background: var(--fail-soft); }
.tag.warning, .tag.inconclusive { color: var(--warning); background: var(--warning-soft); }
.tag.info { color: var(--info); background: var(--info-soft); }
.tag.skipped { color: var(--muted); background: var(--code); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .55rem .75rem; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child > td { border-bottom: 0; }
th { font-size: .85rem; color: var(--muted); font-weight: 600; white-space: nowrap; }
th button { all: unset; cursor: pointer; }
th button:focus-visible, summary:focus-visible, a:focus-visible, input:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
th button::after { content: " ↕"; opacity: .5; }
th[aria-sort=ascending] button::after { content: " ↑"; opacity: 1; }
th[aria-sort=descending] button::after { content: " ↓"; opacity: 1; }
code, pre { font: 13px/1.45 ui-monospace, Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
pre { background: var(--code); padding: .6rem .75rem; border-radius: .4rem; overflow-x: auto; margin: .4rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
td.number, th.number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
td.name code { white-space: nowrap; }
.rule { white-space: nowrap; }
table.matrix { width: auto; }
table.matrix th + th { writing-mode: vertical-rl; transform: rotate(180deg); vertical-align: bottom; padding: .5rem .3rem; }
table.matrix td { padding: .3rem .35rem; }
table.matrix td + td { text-align: center; }
table.matrix td.name, table.matrix th:first-child { position: sticky; left: 0; background: var(--card); padding-left: .75rem; }
table.small th, table.small td { padding: .3rem .6rem; font-size: .85rem; }
.hint { border-left: .3rem solid var(--warning); background: var(--warning-soft); color: var(--warning); padding: .6rem .9rem; border-radius: .4rem; overflow-wrap: anywhere; }
.reasons { margin: 0; padding-left: 1.2rem; } .reasons > li { margin-bottom: .6rem; overflow-wrap: anywhere; } .reasons ul { padding-left: 1.2rem; color: var(--muted); }
.message { min-width: 18rem; overflow-wrap: anywhere; }
figure { margin: 1.25rem 0; } figcaption { margin-bottom: .4rem; color: var(--muted); }
.chart { display: block; margin: .5rem 0; font: 13px system-ui, sans-serif; max-width: none; }
.chart text { dominant-baseline: central; fill: var(--text); } .chart .label { text-anchor: end; } .chart .figure { fill: var(--muted); }
.chart .bar { fill: var(--link); } .chart .bar.before { fill: var(--muted); } .chart .small { font-size: 11px; } .chart .whisker { stroke: var(--text); stroke-width: 2; }
details { margin-top: .35rem; } summary { cursor: pointer; color: var(--link); }
.filter { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin: 0 0 .75rem; }
.filter input[type=search] { flex: 1 1 14rem; font: inherit; padding: .4rem .6rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--card); color: var(--text); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .3rem 0; } dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  .findings, .findings tbody, .findings tbody tr, .findings > tbody > tr > td { display: block; width: 100%; }
  .findings > thead, .findings > thead tr { display: flex; flex-wrap: wrap; }
  .findings tbody tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  .rule { white-space: normal; } td, th { padding: .45rem .5rem; }
  .findings > tbody > tr > td { border: 0; padding: .2rem .75rem; }
  .message { min-width: 0; }
}
@media print {
  body { background: #fff; } .filter, summary { display: none; } details > * { display: block; }
  .scroll { overflow: visible; border: 0; } tr { break-inside: avoid; } th button::after { content: ""; }
}
`;
