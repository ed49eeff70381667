// The look of the pages inside an export: each stands alone, so the style is written into it.
export const style = `
*{box-sizing:border-box}
:root{color-scheme:light dark;--ink:light-dark(#1b1d22,#eceef2);--soft:light-dark(#555b69,#a9b0be);--line:light-dark(#e2e5ea,#353a44);
--page:light-dark(#f6f7f9,#14161a);--card:light-dark(#fff,#1d2026);--accent:light-dark(oklch(from var(--brand) min(l,.42) min(c,.17) h),oklch(from var(--brand) clamp(.8,l,.92) min(c,.12) h));--warn:light-dark(#b35c00,#ffb45c);
--series-1:light-dark(oklch(from var(--brand) 52% clamp(.08,c,.14) h),oklch(from var(--brand) 72% clamp(.07,c,.12) h));
--series-2:light-dark(oklch(62% .11 185deg),oklch(78% .1 185deg));--series-3:light-dark(oklch(66% .14 55deg),oklch(80% .12 60deg));
--series-4:light-dark(oklch(50% .14 300deg),oklch(72% .12 300deg));--series-5:light-dark(oklch(58% .13 145deg),oklch(76% .12 145deg));
--series-6:light-dark(oklch(56% .15 5deg),oklch(74% .12 5deg));--series-7:light-dark(oklch(55% .1 235deg),oklch(80% .09 235deg));
--series-8:light-dark(oklch(48% .05 100deg),oklch(84% .06 100deg))}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:72rem;padding:2rem 1.25rem 4rem;font:1rem/1.6 system-ui,"Noto Sans","Noto Sans KR","Noto Sans Arabic",sans-serif;color:var(--ink);background:var(--page)}
:lang(ko){word-break:keep-all;overflow-wrap:anywhere}
h1{font-size:1.9rem;line-height:1.25;margin:.25rem 0 .5rem;text-wrap:balance}h2{font-size:1.25rem;margin:0 0 .5rem;line-height:1.35}h3{font-size:1rem;margin:1.25rem 0 .35rem;color:var(--soft)}
p{margin:.35rem 0}.lead,.soft,.count,.more{color:var(--soft)}.count{font-size:.9rem;font-weight:400;white-space:nowrap}.lead{max-width:60ch}small{color:var(--soft);font-weight:400;font-size:.8rem}
a{color:var(--accent);overflow-wrap:anywhere}a:focus-visible,.scroll:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
nav,section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.25rem 1.5rem;margin-block:1.25rem}
nav.path,nav.turn{background:none;border:0;padding:0;margin-block:.75rem}nav.turn{display:flex;gap:1.25rem;align-items:baseline;flex-wrap:wrap}
.all{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));gap:.1rem 1.5rem;list-style:none;padding:0;margin:0}
.all li{display:flex;justify-content:space-between;gap:1rem;border-block-end:1px solid var(--line);padding:.45rem 0}.all li b{color:var(--warn)}
table.few th,table.few td{padding-block:.25rem;min-width:0}.scroll{position:relative;overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.94rem}caption{text-align:start;color:var(--soft);padding-block-end:.25rem}
th{text-align:start;color:var(--soft);font-weight:600}th,td{padding:.5rem .75rem;border-block-end:1px solid var(--line);vertical-align:top}th:first-child,td:first-child{padding-inline-start:0}
td{overflow-wrap:anywhere;min-width:6rem;white-space:pre-line}td.number,th.number{text-align:end;font-variant-numeric:tabular-nums}
dl{margin:.5rem 0}dl>div{display:grid;grid-template-columns:minmax(8rem,15rem) 1fr;gap:.25rem 1rem;padding:.5rem 0;border-block-end:1px solid var(--line)}dl>div:last-child{border-block-end:0}
dt{color:var(--soft)}#rights dt::first-letter{text-transform:uppercase}dt small{display:block}dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}dd ul,dd ol,.partial ul{margin:0;padding-inline-start:1.1rem}dd li{margin-block:.2rem}
dl.nested{margin:0;font-size:.94em}dl.nested>div{grid-template-columns:minmax(5rem,9rem) 1fr;padding:.15rem 0;border:0}ol.nested>li{border-block-end:1px dashed var(--line);padding-block:.3rem}
.partial{border-inline-start:4px solid var(--warn);padding-inline-start:1rem}.none{color:var(--soft)}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,13rem),1fr));gap:1rem;margin:0;padding:0;list-style:none}figure{margin:0}figcaption{color:var(--soft);font-size:.9rem;overflow-wrap:anywhere}
img{max-width:100%;height:auto;border-radius:8px;background:var(--page)}td img{max-height:8rem}.pictures img{width:100%;height:11rem;object-fit:contain}
.heads{display:flex;justify-content:space-between;gap:1rem;color:var(--soft);font-size:.9rem;font-weight:600}svg{display:block;width:100%;height:auto;font-size:13px}svg.tall{display:none;max-width:30rem;margin-inline:auto}
svg text{fill:var(--ink);font-weight:500;paint-order:stroke;stroke:var(--card);stroke-opacity:.85;stroke-width:4px;stroke-linejoin:round}svg path{fill:none;stroke:currentcolor;opacity:.32}svg rect{fill:currentcolor}svg .end rect{fill:var(--soft)}
${[1, 2, 3, 4, 5, 6, 7, 8].map((series) => `.series-${series}{color:var(--series-${series})}`).join('')}
@media (max-width:40rem){body{padding-block-start:1rem}nav,section{padding:1rem}h1{font-size:1.5rem}dl>div{grid-template-columns:1fr}dl.nested>div{grid-template-columns:minmax(4rem,7rem) 1fr}svg.wide{display:none}svg.tall{display:block}
table:not(.few) thead{position:absolute;overflow:hidden;clip-path:inset(50%);width:1px;height:1px}table:not(.few) tr{display:block;padding-block:.6rem;border-block-end:1px solid var(--line)}
table:not(.few) :is(td,tbody th){display:grid;grid-template-columns:8rem 1fr;gap:.5rem;border:0;padding:.2rem 0;min-width:0}td.number{text-align:start}table:not(.few) :is(td,tbody th)::before{content:attr(data-label);color:var(--soft);font-weight:400}}
@media print{:root{color-scheme:light}body{background:none;max-width:none;padding:0;font-size:10pt}nav,section{border:0;padding:0;break-inside:auto}nav.turn,nav.path{display:none}#map{break-before:page}h2,h3,dt,tr,figure,dl>div{break-inside:avoid}h2,h3{break-after:avoid}thead{display:table-header-group}.scroll{overflow:visible}td{min-width:0}a{color:inherit}}
@media (forced-colors:active){svg{forced-color-adjust:auto}svg path{stroke:canvastext;opacity:.4}svg rect,svg .end rect,svg text{fill:canvastext;stroke:none}}
`;
