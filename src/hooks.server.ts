// Every request: context, session, language, cross-site check, guard by route group, headers.
import cluster from 'node:cluster';
import { building } from '$app/environment';
import { BlockList } from 'node:net';
import { redirect, type Handle, type HandleServerError, type ServerInit } from '@sveltejs/kit';
import * as sessions from '$lib/server/accounts/sessions';
import { PersonLocked } from '$lib/server/audit/audit';
import { CannotOpen, openPortal, type Portal } from '$lib/server/portal';
import { networksOf, visitorAddress } from '$lib/server/platform/forwarded';
import { readSettings } from '$lib/server/platform/settings';
import { guardOf, type Guard } from '$lib/server/guards';
import { isOwnPost } from '$lib/server/cross-site';
import * as signal from '$lib/server/objections/signal';
import { sessions as staffSessions } from '$lib/server/staff/staff';
import { saysOptOut } from './browser-signal';
import { oneClick } from './one-click';
import { speak } from './request-language';

let portal: Portal;
let proxies = new BlockList();
/** Told by the front (server.ts), which then waits for the answers that are under way. */
const closing = new AbortController();

export const init: ServerInit = async () => {
	if (building) return;
	const settings = readSettings();
	if ('problems' in settings)
		throw new Error(settings.problems.map(({ name, problem }) => `${name} ${problem}`).join('\n'));
	proxies = networksOf(settings.trustedProxies) ?? proxies;
	try {
		portal = await openPortal(settings);
		const lines = await portal.populate();
		// Of several processes that share the port the first one tells.
		if ((cluster.worker?.id ?? 1) === 1) for (const line of lines) console.log(line);
	} catch (error) {
		if (!(error instanceof CannotOpen)) throw error;
		for (const line of error.lines) console.error(line);
		process.exit(2);
	}
	portal.startWorking();
	process.once('candor:closing' as 'beforeExit', () => closing.abort());
	process.on('sveltekit:shutdown', () => portal.close());
};

type Event = Parameters<Handle>[0]['event'];

/** NUL comes through no form and no file; in an address it would break a query of PostgreSQL instead of finding nothing. */
function withoutNul({ params, url }: { params: Record<string, string | undefined>; url: URL }): void {
	const visible = (text: string) => text.replaceAll('\0', '\ufffd');
	for (const name in params) if (params[name]?.includes('\0')) params[name] = visible(params[name]);
	if (!url.search.includes('%00')) return;
	for (const [name, value] of [...url.searchParams])
		if (value.includes('\0')) url.searchParams.set(name, visible(value));
}

const missing = () => {
	throw new Error('this route reads a person and is not guarded');
};

function context(event: Event): void {
	const { locals } = event;
	locals.ctx = portal.contextFor('portal');
	locals.closing = closing.signal;
	locals.address = visitorAddress(
		event.getClientAddress(),
		event.request.headers.get('x-forwarded-for'),
		proxies
	);
	withoutNul(event);
	locals.visitor = undefined;
	locals.staff = undefined;
	locals.isLocked = false;
	locals.gpc = saysOptOut(event.request.headers);
	locals.conflicts = [];
	Object.defineProperties(locals, {
		person: { get: missing, configurable: true },
		session: { get: missing, configurable: true }
	});
}

async function session({ locals, cookies }: Event): Promise<void> {
	const name = sessions.cookieName(locals.ctx.settings.origin);
	const secretId = cookies.get(name);
	const signedIn = secretId ? await sessions.read(locals.ctx, secretId) : undefined;
	if (!signedIn) return;
	locals.visitor = signedIn.person;
	locals.ctx = { ...locals.ctx, actor: `person:${signedIn.person.id}` };
	Object.defineProperties(locals, {
		person: { value: signedIn.person },
		session: { value: signedIn.session }
	});
	if (signedIn.session.fresh)
		cookies.set(name, secretId as string, sessions.cookieOptions(locals.ctx.settings.origin));
}

/** The one thing that a look may change: the signal only ever opts out, and once (11 CCR 7025; DESIGN §5). */
async function hearSignal({ locals }: Event): Promise<void> {
	if (locals.gpc && locals.visitor) locals.conflicts = await signal.honour(locals.ctx, locals.visitor);
}

/** Staff have a cookie of their own, which opens no personal page. */
async function staffSession({ locals, cookies }: Event): Promise<void> {
	const secretId = cookies.get(staffSessions.cookieName(locals.ctx.settings.origin));
	locals.staff = secretId ? await staffSessions.read(locals.ctx, secretId) : undefined;
	if (locals.staff) locals.ctx = { ...locals.ctx, actor: `staff:${locals.staff.member.id}` };
}

/** No form of another site acts here; no personal page is shown to a stranger; a route group without a rule shows nothing. */
function refusal(event: Event, rule: Guard | undefined): Response | undefined {
	if (!rule) return event.route.id ? new Response('not found', { status: 404 }) : undefined;
	if (rule.crossSite !== 'allowed' && !isOwnPost(event.request, event.locals.ctx.settings.origin))
		return new Response(event.locals.translation.t('errors:page.cross-site'), {
			status: 403,
			headers: { 'Content-Type': 'text/plain; charset=utf-8' }
		});
	if (rule.person && !event.locals.visitor) {
		const next = event.request.method === 'GET' ? event.url.pathname + event.url.search : event.url.pathname;
		redirect(303, `/sign-in?next=${encodeURIComponent(next)}`);
	}
	if (rule.staff === 'needs') staffRefusal(event);
	return undefined;
}

/** Staff who are not signed in sign in; whose password is new or too old chooses another before anything else opens. */
function staffRefusal({ locals, route }: Event): void {
	if (!locals.staff) redirect(303, '/staff/sign-in');
	if (locals.staff.session.mustChange && route.id !== '/(staff)/staff/password')
		redirect(303, '/staff/password');
}

/**
 * The answer of the route. The framework would hash every page for an ETag; what no cache may keep needs none, so it is
 * given nothing to hash and the page is sent from here.
 */
async function answer({ event, resolve }: Parameters<Handle>[0]): Promise<Response> {
	const { tag, direction } = event.locals.translation;
	let page: string | undefined;
	const response = await resolve(event, {
		// The styles stand at the head of the page itself: saying them in a header before brings nothing.
		preload: () => false,
		transformPageChunk: ({ html }) => {
			page = html.replace('%candor.language%', tag).replace('%candor.direction%', direction);
			return '';
		}
	});
	if (page === undefined) return response;
	const body = Buffer.from(page);
	response.headers.delete('ETag');
	response.headers.set('Content-Type', 'text/html; charset=utf-8');
	response.headers.set('Content-Length', String(body.length));
	return new Response(body, { status: response.status, headers: response.headers });
}

/** One function instead of a `sequence`, which opens an asynchronous context and copies the event for each of its parts. */
export const handle: Handle = async ({ event, resolve }) => {
	const rule = guardOf(event.route.id);
	context(event);
	const stopped = await oneClick(event);
	if (stopped) return stopped;
	// Machines send no cookies and are given none (RFC 8058).
	const cookies = rule?.session ?? false;
	if (cookies) {
		await session(event);
		await hearSignal(event);
	}
	if (rule?.staff) await staffSession(event);
	await speak(event, cookies || rule?.staff !== undefined);
	const response = refusal(event, rule) ?? (await answer({ event, resolve }));
	// Their erasure began while they were asking: nothing was changed, and they are signed out.
	if (event.locals.isLocked) return new Response(null, { status: 303, headers: { Location: '/claim' } });
	// The other headers are said at the front (platform/headers.ts), so that a redirect and a refusal have them too. An
	// address that only looks like a file's (`/x.css`) stays in no cache either.
	if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'no-store');
	if (cookies) response.headers.append('Vary', 'Sec-GPC');
	return response;
};

export const handleError: HandleServerError = ({ error, event, status }) => {
	const { ctx } = event.locals;
	event.locals.isLocked = error instanceof PersonLocked;
	// What a visitor got wrong is no failure of ours, and would let strangers fill the log.
	if (status >= 500 && !event.locals.isLocked)
		ctx?.log.error(
			{ err: error, correlationId: ctx.correlationId, route: event.route.id, status },
			'a request failed'
		);
	const code =
		status === 404 ? 'not-found' : status === 413 ? 'too-large' : status < 500 ? 'wrong' : 'broken';
	return { message: code, code, ...(ctx ? { correlationId: ctx.correlationId } : {}) };
};
