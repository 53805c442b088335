/** All pages share it. Fonts are those of the reader's machine; colours mean how something is, and never alone. */
export const styleSheet = `:root{color-scheme:light dark;--bg:#fbfbf8;--card:#fff;--ink:#1b2126;--soft:#565f68;--line:#e2e3dc;--link:#0b5a70;--healthy:#1b7f4b;--degraded:#9a5800;--lost:#b3261e;--amber:#dd9a12;--unknown:#d3d6d2;--state:var(--soft);--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media (prefers-color-scheme:dark){:root{--bg:#11171a;--card:#182024;--ink:#e6eaec;--soft:#9ca8b0;--line:#2a343a;--link:#7cc9de;--healthy:#4fbf83;--degraded:#e0a33f;--lost:#f27e73;--amber:#e0a33f;--unknown:#39434a}}
*,::before,::after{box-sizing:border-box}
html{font:100%/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",sans-serif;background:var(--bg);color:var(--ink);-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main{flex:1;padding-block:2rem 4rem}
.wide{width:min(72rem,100% - 2.5rem);margin-inline:auto}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:.06em}
a:hover{text-decoration-thickness:.14em}
:focus-visible{outline:.18rem solid var(--link);outline-offset:.18rem;border-radius:.2rem}
.skip{position:absolute;left:-99rem;padding:.6rem 1rem;background:var(--card)}
.skip:focus{left:1rem;top:1rem;z-index:1}
header{border-bottom:1px solid var(--line)}
header .wide{display:flex;flex-wrap:wrap;gap:.4rem 2rem;align-items:center;justify-content:space-between;padding-block:.9rem}
.brand{display:flex;gap:.55rem;align-items:center;color:var(--ink);font-weight:650;text-decoration:none;letter-spacing:-.01em}
.mark{width:1.5rem;height:1.5rem;flex:none;fill:var(--link)}
nav a{color:var(--soft)}
header nav{display:flex;gap:1.4rem}
header nav a{text-decoration:none;padding-block:.3rem}
header nav a:hover,header nav a[aria-current]{color:var(--ink)}
header nav a[aria-current]{box-shadow:0 .12rem var(--link)}
footer{border-top:1px solid var(--line);color:var(--soft);font-size:.875rem}
footer .wide{display:flex;flex-wrap:wrap;gap:0 2rem;justify-content:space-between;padding-block:.6rem}
footer p:last-child{display:flex;flex-wrap:wrap;gap:1.2rem}
h1,h2,h3{line-height:1.2;letter-spacing:-.015em;font-weight:650;text-wrap:balance;margin:0}
h1{font-size:clamp(1.6rem,1.2rem + 2vw,2.3rem);margin-bottom:.6rem}
h1 small{font-weight:400;color:var(--soft)}
h2{font-size:1.2rem;margin:2.6rem 0 .8rem}
h3{font-size:1rem}
p{margin:.4rem 0}
small,.when,.lead{color:var(--soft)}
small{font-size:.875em}
em{font-style:normal;font-weight:600;color:var(--state)}
code,pre{font-family:var(--mono);font-size:.875em}
pre{margin:.4rem 0 1rem;padding:.8rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:.5rem;white-space:pre-wrap}
.copyable{position:relative}
.copyable button{position:absolute;inset:.45rem .45rem auto auto;font:inherit;font-size:.8rem;padding:.2rem .6rem;border:1px solid var(--line);border-radius:.35rem;background:var(--bg);color:var(--ink);cursor:pointer}
.copyable pre{padding-right:5.5rem}
ul,ol{padding-left:1.2rem;margin:.4rem 0}
.prose{max-width:44rem;white-space:pre-line}
.healthy{--state:var(--healthy)}.degraded{--state:var(--degraded)}.lost{--state:var(--lost)}.unknown,.withdrawn,.closed{--state:var(--soft)}
.verdict{padding:1.6rem 1.8rem;border-radius:.8rem;border:1px solid color-mix(in oklab,var(--state) 35%,var(--line));background:color-mix(in oklab,var(--state) 8%,var(--card));display:grid;grid-template-columns:auto 1fr;column-gap:1.1rem;align-items:start}
.verdict>*{grid-column:2}
.verdict :is(p,ul){margin:.2rem 0}
.verdict h1{margin:.1rem 0 .2rem}
.verdict::before{grid-row:1/span 2;content:"?"/"";width:2.6rem;height:2.6rem;border-radius:50%;background:var(--state);color:var(--card);font:700 1.5rem/2.6rem system-ui,sans-serif;text-align:center}
.verdict.healthy::before{content:"✓"/""}.verdict.degraded::before{content:"!"/""}.verdict.lost::before{content:"✕"/""}
.verdict p,.verdict ul{color:var(--soft)}
.verdict .stale{color:var(--lost);font-size:1.3rem;font-weight:700}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:1px;margin:1.2rem 0 0;border:1px solid var(--line);border-radius:.8rem;overflow:hidden;background:var(--line)}
.figures div{background:var(--card);padding:.9rem 1.1rem}
.figures dt{color:var(--soft);font-size:.875rem}
.figures dd{margin:0;font-size:1.5rem;font-weight:650;letter-spacing:-.02em}
.figures small{display:block;font-weight:400;font-size:.8125rem;letter-spacing:0}
.note{margin-top:1.2rem;padding:.9rem 1.2rem;border:1px solid var(--line);border-left:.3rem solid var(--link);border-radius:.5rem;background:var(--card)}
.note.lost{border-left-color:var(--lost)}
.note h2{margin:0;font-size:1rem}
.rows{list-style:none;padding:0;margin:0;border-top:1px solid var(--line)}
.row{display:grid;grid-template-columns:minmax(9rem,1.5fr) minmax(8rem,1fr) minmax(8rem,2.2fr) 4.6rem;gap:.1rem 1.2rem;align-items:center;margin:0;padding:.5rem .2rem;border-bottom:1px solid var(--line)}
.row[hidden]{display:none}
.row .what::before{content:"";display:inline-block;width:.6rem;height:.6rem;margin-right:.6rem;border-radius:50%;background:var(--state)}
.row.degraded .what::before{border-radius:.1rem}
.row.lost .what::before{border-radius:0;transform:rotate(45deg)}
.row.unknown .what::before{background:none;border:.12rem solid var(--state)}
.row .now{color:var(--soft)}
.row .share{text-align:right;color:var(--soft)}
.head{color:var(--soft);font-size:.8125rem;border:0;padding-block:0 .3rem}
.head .what::before{visibility:hidden}
.bar{display:block;width:100%;height:1.5rem;grid-column:3;--day:calc(100%/90)}
svg.bar{border-radius:.2rem;overflow:hidden;-webkit-mask:repeating-linear-gradient(90deg,#000 0 calc(var(--day) - min(1.5px,var(--day)*.25)),#0000 0 var(--day));mask:repeating-linear-gradient(90deg,#000 0 calc(var(--day) - min(1.5px,var(--day)*.25)),#0000 0 var(--day))}
.head .bar{height:auto}
.share{grid-column:4}
path.healthy{fill:var(--healthy)}path.degraded{fill:var(--amber)}path.lost{fill:var(--lost)}path.unknown{fill:var(--unknown)}
.copies .bar{height:2.4rem}
.copies .state{font-size:1.5rem;letter-spacing:-.02em;color:var(--state)}
.copies p:nth-of-type(1)>span{color:var(--soft)}
.scale{display:flex;justify-content:space-between;color:var(--soft);font-size:.8125rem}
.scroll{overflow-x:auto}
.scroll table{overflow-wrap:normal}
.scroll th[scope=row]{min-width:11rem;overflow-wrap:anywhere}
.scroll td:nth-child(2){min-width:6rem}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
th,td{padding:.45rem .9rem .45rem .2rem;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--line);font-weight:400}
thead th{color:var(--soft);font-size:.8125rem}
.number{text-align:right;white-space:nowrap}
.files code{font-size:.75rem;color:var(--soft)}
.plot{width:100%;height:auto;max-width:60rem;display:block}
.plot text{fill:var(--soft);font-size:12px}
.grid{stroke:var(--line);fill:none}
.line{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.line.first{stroke:var(--link)}.line.second{stroke:var(--soft);stroke-dasharray:2 5}
.spark{width:7rem;height:1.6rem;vertical-align:middle}
path.first:not(.line){fill:var(--link)}.track{fill:var(--line)}
.legend{display:flex;gap:1.6rem;color:var(--soft);font-size:.875rem}
.legend span::before{content:"";display:inline-block;width:1.4rem;margin-right:.5rem;vertical-align:middle;border-top:2px solid var(--link)}
.legend .second::before{border-top:2px dashed var(--soft)}
.amounts{list-style:none;padding:0;max-width:44rem}
.amounts li{display:grid;grid-template-columns:9rem 1fr 6rem;gap:1rem;align-items:center;padding:.25rem 0}
.amounts svg{width:100%;height:.7rem;border-radius:.35rem}
.amounts b{font-weight:600;text-align:right}
.incidents,.versions,.endings{list-style:none;padding:0;margin:0}
.incidents li,.versions li,.endings li{padding:.1rem 0 .1rem 1.2rem;border-left:.2rem solid var(--state);margin-bottom:.9rem}
.incidents h2{font-size:1rem;margin:0}
.incidents strong{color:var(--state)}
.incidents p{margin:.15rem 0}
.fixed{color:var(--healthy)}
.cards{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(20rem,100%),1fr));gap:1rem;margin:1rem 0}
.card{display:flex;flex-direction:column;padding:1.1rem 1.2rem;border:1px solid var(--line);border-top:.22rem solid var(--state);border-radius:.5rem;background:var(--card)}
.card[hidden]{display:none}
.card h2{margin:0;font-size:1.05rem}
.card p{flex:1}
.card .facts{flex:none}
p.facts{display:flex;flex-wrap:wrap;gap:.1rem 1rem;color:var(--soft);font-size:.875rem}
.filter input{font:inherit;padding:.35rem .7rem;margin-left:.4rem;border:1px solid var(--soft);border-radius:.4rem;background:var(--card);color:var(--ink);width:min(20rem,100%)}
.filter output{color:var(--soft)}
.pages{display:flex;flex-wrap:wrap;gap:.4rem 1.2rem;font-size:.9375rem}
.pages [aria-current]{color:var(--ink);font-weight:650;text-decoration:none}
.crumbs{color:var(--soft);font-size:.9375rem;margin-bottom:1.2rem}
.tags{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.4rem}
.tags li{padding:.1rem .7rem;border:1px solid var(--line);border-radius:1rem;background:var(--card);font-size:.875rem}
.button{display:inline-block;padding:.55rem 1rem;border-radius:.5rem;background:var(--link);color:var(--bg);text-decoration:none;font-weight:600;margin-block:.6rem}
.split{display:grid;grid-template-columns:minmax(0,1fr) 19rem;gap:1rem 3rem;align-items:start}
aside.facts{margin-top:2.6rem;padding:1.1rem 1.3rem;border:1px solid var(--line);border-radius:.6rem;background:var(--card);font-size:.9375rem}
aside.facts dl{margin:0;display:grid;gap:.6rem}
aside.facts dt{color:var(--soft);font-size:.8125rem}
aside.facts dd{margin:0}
aside.facts h2{font-size:1rem;margin:1.4rem 0 .3rem}
.changes{list-style:none;padding:0}
.changes time{color:var(--soft);margin-right:.8rem}
.difference{list-style:none;padding:0}
.difference b{display:inline-block;min-width:5rem;font-weight:600}
.difference .added b{color:var(--healthy)}.difference .changed b{color:var(--degraded)}.difference .removed b{color:var(--lost)}
summary{cursor:pointer;color:var(--link)}
@media (max-width:48rem){.split{grid-template-columns:minmax(0,1fr)}aside.facts{margin-top:1rem}.row{grid-template-columns:minmax(0,1fr) auto 4.6rem;padding-block:.7rem}.row .what{grid-column:1}.row .now{grid-column:2/span 2;text-align:right}.row .bar{grid-column:1/span 2;grid-row:2}.row .share{grid-column:3;grid-row:2}.plot text{font-size:20px}.head{display:none}.verdict{padding:1.2rem;column-gap:.8rem}.verdict::before{width:2rem;height:2rem;line-height:2rem;font-size:1.2rem}.amounts li{grid-template-columns:6rem 1fr 5rem}}
@media print{:root{--bg:#fff;--card:#fff}header nav,.filter,.copyable button,.skip{display:none}main{padding-block:1rem}.row,.card,.incidents li{break-inside:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;
