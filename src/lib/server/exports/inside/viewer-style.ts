// The look of index.html inside an export: it stands alone, so its style is written into it.
export const style = `
*{box-sizing:border-box}
:root{color-scheme:light dark;--ink:light-dark(#1b1d22,#eceef2);--soft:light-dark(#5a6070,#a9b0be);--line:light-dark(#e2e5ea,#353a44);
--page:light-dark(#f6f7f9,#14161a);--card:light-dark(#fff,#1d2026);--accent:light-dark(oklch(from var(--brand) 45% c h),oklch(from var(--brand) 80% c h))}
body{margin:0 auto;max-width:68rem;padding:2rem 1.25rem 4rem;font:1rem/1.6 system-ui,"Noto Sans","Noto Sans KR","Noto Sans Arabic",sans-serif;color:var(--ink);background:var(--page)}
:lang(ko){word-break:keep-all;overflow-wrap:anywhere}
h1{font-size:1.9rem;line-height:1.25;margin:0 0 .5rem;text-wrap:balance}h2{font-size:1.25rem;margin:0 0 .5rem}
header p,.about,.more,.files,.count{color:var(--soft)}.count{font-size:.9rem;font-weight:400}
a{color:var(--accent)}a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
nav,section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.25rem 1.5rem;margin-block:1.25rem}
nav ol{columns:18rem;padding-inline-start:1.25rem;margin:0}
.scroll{position:relative;overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.94rem}
th{text-align:start;color:var(--soft);font-weight:600}th,td{padding:.5rem .75rem;border-block-end:1px solid var(--line);vertical-align:top}
td{overflow-wrap:anywhere;min-width:6rem}dl{margin:.5rem 0}dl>div{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.25rem 1rem;padding:.4rem 0;border-block-end:1px solid var(--line)}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}details{margin-block-start:.75rem}summary{cursor:pointer;color:var(--accent)}
.partial{border-inline-start:4px solid #c77700;padding-inline-start:.75rem}.none{color:var(--soft)}
@media (max-width:40rem){dl>div{grid-template-columns:1fr}thead{position:absolute;overflow:hidden;clip-path:inset(50%);width:1px;height:1px}
tr{display:block;padding-block:.6rem;border-block-end:1px solid var(--line)}td{display:grid;grid-template-columns:8rem 1fr;gap:.5rem;border:0;padding:.2rem 0}
td::before{content:attr(data-label);color:var(--soft)}}
@media print{body{background:none;max-width:none;padding:0}nav,section{border:0;padding:0;break-inside:auto}details{display:none}}
`;
