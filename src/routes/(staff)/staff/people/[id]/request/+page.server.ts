import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import { localDay, startOfDay } from '$lib/server/platform/clock';
import * as requests from '$lib/server/requests/requests';
import { may } from '$lib/server/staff/staff';
import * as staff from '$lib/server/staff/staff';
import { staffOf } from '../../../../../staff-cookie';

const opening = z.object({
	kind: z.enum(requests.kinds as [requests.Kind, ...requests.Kind[]]),
	channel: z.enum(requests.channels),
	received: z.iso.date(),
	text: z.string()
});

/** Only for somebody whom the member may look at just now. */
async function personOf({ locals, params }: { locals: App.Locals; params: { id: string } }) {
	const { member } = staffOf(locals);
	const look = may(member, 'requests') ? await staff.view(locals.ctx, member, params.id) : undefined;
	if (!look || 'refused' in look) error(403, { message: 'look-refused', code: 'look-refused' });
	return look.person;
}

export const load = async ({ locals, params }) => {
	const person = await personOf({ locals, params });
	return {
		externalId: person.externalId,
		personId: person.id,
		kinds: requests.kindsFor(locals.ctx, person),
		channels: requests.channels,
		today: localDay(locals.ctx.clock.now(), person.timeZone),
		longestText: requests.longestText
	};
};

/** The start of that day where the person lives: for today, this very instant. */
function instantOf(locals: App.Locals, timeZone: string, day: string): Date {
	const now = locals.ctx.clock.now();
	return day === localDay(now, timeZone) ? now : startOfDay(day, timeZone);
}

export const actions = {
	default: async ({ request, locals, params }) => {
		const form = await readForm(request, opening);
		if (form.problems) return fail(400, form);
		const person = await personOf({ locals, params });
		const { kind, channel, received, text } = form.values;
		const typed = { kind, channel, received, text };
		const receivedAt = instantOf(locals, person.timeZone, received);
		const outcome = await requests.receiveAndDo(locals.ctx, person, { kind, text }, { channel, receivedAt });
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed });
		if ('refused' in outcome) return fail(409, { ...outcome, typed });
		redirect(303, `/staff/requests/${outcome.id}?done=opened`);
	}
};
