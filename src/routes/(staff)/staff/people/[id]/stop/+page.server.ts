import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import { localDay, startOfDay } from '$lib/server/platform/clock';
import * as replies from '$lib/server/replies/replies';
import * as staff from '$lib/server/staff/staff';
import { staffOf } from '../../../../../staff-cookie';

const stop = z.object({
	channel: z.enum(['email', 'sms', 'phone', 'push']),
	received: z.iso.date(),
	reason: z.string()
});

/** Only for somebody whom the member may look at just now. */
async function personOf({ locals, params }: { locals: App.Locals; params: { id: string } }) {
	const { member } = staffOf(locals);
	const look = staff.may(member, 'requests') ? await staff.view(locals.ctx, member, params.id) : undefined;
	if (!look || 'refused' in look) error(403, { message: 'look-refused', code: 'look-refused' });
	return look.person;
}

export const load = async ({ locals, params, url }) => {
	const person = await personOf({ locals, params });
	const { ctx, translation } = locals;
	return {
		externalId: person.externalId,
		personId: person.id,
		channels: ctx.organisation.channels.map(({ id, label }) => ({
			value: id,
			label: translation.text(label)
		})),
		today: localDay(ctx.clock.now(), person.timeZone),
		longestReason: replies.longestReason,
		done: url.searchParams.get('done') === 'stopped'
	};
};

/** The start of that day where the person lives: for today, this very instant. */
function instantOf(locals: App.Locals, timeZone: string, day: string): Date {
	const now = locals.ctx.clock.now();
	return day === localDay(now, timeZone) ? now : startOfDay(day, timeZone);
}

export const actions = {
	default: async ({ request, locals, params }) => {
		const form = await readForm(request, stop);
		if (form.problems) return fail(400, form);
		const person = await personOf({ locals, params });
		const typed = form.values;
		const outcome = await replies.recordStop(locals.ctx, staffOf(locals).member, {
			personId: person.id,
			channel: typed.channel,
			receivedAt: instantOf(locals, person.timeZone, typed.received),
			reason: typed.reason
		});
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed });
		if ('refused' in outcome)
			return fail(outcome.refused === 'not-permitted' ? 403 : 409, { ...outcome, typed });

		redirect(303, `/staff/people/${params.id}/stop?done=stopped`);
	}
};
