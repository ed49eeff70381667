import { after, instant } from '$lib/server/platform/clock';

/** Whom to tell of a weakness (RFC 9116), from the description; it never says that it is older than half a year. */
export const GET = ({ locals: { ctx } }) => {
	const { officer, support, website } = ctx.organisation.organisation;
	const contacts = [officer, support]
		.flatMap(({ email, url }) => [email && `mailto:${email}`, url])
		.filter(Boolean);
	const now = ctx.clock.now();
	const lines = [
		...(contacts.length ? contacts : [website]).map((contact) => `Contact: ${contact}`),
		`Expires: ${instant(after(now, 180, 'days'))}`,
		`Preferred-Languages: ${ctx.organisation.languages.join(', ')}`,
		`Canonical: ${ctx.settings.origin}/.well-known/security.txt`
	];
	return new Response(`${lines.join('\n')}\n`, {
		headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'max-age=3600' }
	});
};
