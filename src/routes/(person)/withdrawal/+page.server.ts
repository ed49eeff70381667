import { fail, redirect } from '@sveltejs/kit';
import { describeLeaving } from './leaving';
import { describeRehearsal, named } from './rehearsal';
import * as restrictions from '$lib/server/restrictions/restrictions';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';

export const load = async ({ locals, url }) => {
	const { ctx, person } = locals;
	const running = await withdrawal.running(ctx, person.id);
	const eraseAt = running?.eraseAt ?? withdrawal.wouldEndAt(ctx);
	const rehearsal = await withdrawal.rehearse(ctx, person.id, eraseAt);
	return {
		leaving: running && (await describeLeaving(locals, running)),
		paused: person.pausedAt !== null,
		notPausedIn: await notPausedIn(locals),
		graceDays: ctx.organisation.withdrawal.graceDays,
		about: locals.translation.text(ctx.organisation.withdrawal.about),
		done: url.searchParams.get('done'),
		rehearsal: describeRehearsal(locals, { rehearsal, eraseAt })
	};
};

/** Where a pause, or its end, is not taken over yet, in words. */
async function notPausedIn(locals: App.Locals): Promise<string | undefined> {
	const open = await restrictions.openOf(locals.ctx, locals.person.id);
	const sentence = (state: (typeof open)[number]['state'], key: string) => {
		const sources = open.filter((one) => one.state === state).map(({ source }) => source);
		return sources.length ? [locals.translation.t(key, { systems: named(locals, sources) })] : [];
	};
	const sentences = [
		...sentence('waiting', 'withdrawal:sources.paused'),
		...sentence('by-hand', 'withdrawal:sources.paused-by-hand')
	];
	return sentences.length ? sentences.join(' ') : undefined;
}

export const actions = {
	pause: async ({ locals }) => {
		await withdrawal.pause(locals.ctx, locals.person.id, true);
		redirect(303, '/withdrawal?done=paused');
	},
	resume: async ({ locals }) => {
		await withdrawal.pause(locals.ctx, locals.person.id, false);
		redirect(303, '/withdrawal?done=resumed');
	},
	cancel: async ({ locals }) => {
		const outcome = await withdrawal.cancel(locals.ctx, locals.person);
		if ('refused' in outcome) return fail(409, outcome);
		redirect(303, '/withdrawal?done=cancelled');
	}
};
