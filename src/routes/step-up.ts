// What cannot be undone asks once more who is there (DESIGN §5).
import { redirect, type RequestEvent } from '@sveltejs/kit';
import { stepUp } from '$lib/server/accounts/accounts';
import { isProved } from '$lib/server/accounts/sessions';

/**
 * Needs a proof of at most five minutes ago, or sends the person to give one and back. With `action` (`change-email`,
 * `withdrawal`, …) the proof counts for that action alone: a page that shows the form looks at it, the form's action
 * uses it up. So check the form first, then call this, then act.
 */
export async function requireProof(
	event: Pick<RequestEvent, 'locals' | 'url' | 'request'>,
	action?: string
): Promise<void> {
	const { locals, request } = event;
	const { ctx } = locals;
	const prover = { personId: locals.person.id, sessionId: locals.session.id };
	if (!action && isProved(ctx, locals.session)) return;
	if (action) {
		const reads = request.method === 'GET' || request.method === 'HEAD';
		if (await (reads ? stepUp.holds(ctx, prover, action) : stepUp.use(ctx, prover, action))) return;
	}
	redirect(303, proveAddress(event.url, action));
}

/** The page that asks for a proof and comes back here. */
function proveAddress(url: URL, action: string | undefined): string {
	const back = new URLSearchParams([...url.searchParams].filter(([name]) => !name.startsWith('/')));
	const next = url.pathname + (back.size ? `?${back}` : '');
	return `/security/prove?${new URLSearchParams({ next, ...(action && { action }) })}`;
}
