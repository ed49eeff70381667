// How a mail looks: one style sheet inside it, light and dark, from the organisation's one colour. Where a mail program
// drops it, plain headings, paragraphs and links remain.

/** Black or white, whichever is read better on a colour (WCAG relative luminance). */
function inkOn(colour: string): string {
	const [red, green, blue] = [1, 3, 5].map((at) => {
		const share = parseInt(colour.slice(at, at + 2), 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? '#111' : '#fff';
}

const sheet = (colour: string, ink: string) => `
:root{color-scheme:light dark}
body{margin:0;padding:24px 12px;background:#f4f5f7;color:#1d2129;font:16px/1.6 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}
.mail{max-width:560px;margin:0 auto;padding:32px;background:#fff;border:1px solid #e3e6ea;border-top:4px solid ${colour};border-radius:12px}
.from{margin:0 0 20px;color:#5a6372;font-size:14px;font-weight:600}
h1{margin:0 0 20px;font-size:22px;line-height:1.35}
p{margin:0 0 16px}
.code{padding:16px;background:#f4f5f7;border-radius:8px;font:600 30px/1.2 ui-monospace,Consolas,monospace;letter-spacing:6px;text-align:center;overflow-wrap:anywhere}
.long{font-size:22px;letter-spacing:2px}
.button{display:inline-block;padding:12px 22px;background:${colour};border-radius:8px;color:${ink};font-weight:600;text-decoration:none}
.foot{margin-top:32px;padding-top:20px;border-top:1px solid #e3e6ea;color:#5a6372;font-size:14px}
.foot p{margin:0 0 10px}
.foot a{display:inline-block;padding:4px 0;color:inherit}
:lang(ko){word-break:keep-all}
@media (max-width:480px){
body{padding:12px 8px}
.mail{padding:22px 18px}
.long{font-size:18px;letter-spacing:1px}
}
@media (prefers-color-scheme:dark){
body{background:#121418;color:#eceef2}
.mail{background:#1c1f25;border-color:#333842;border-top-color:${colour}}
.code{background:#121418}
.from,.foot{color:#aab2bf}
.foot{border-color:#333842}
}
`;

export const stylesOf = (colour: string): string => sheet(colour, inkOn(colour));
