import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as exports from '$lib/server/exports/exports';
import { opened } from '../opened';

const passphrases = z.object({ passphrase: z.string().min(1).max(500), again: z.string().min(1).max(500) });

const statusOf = (refused: string): number => (refused === 'export-unknown' ? 404 : 409);

export const load = async (event) => {
	const { ctx, person } = event.locals;
	const made = await exports.find(ctx, person.id, event.params.id);
	if (!made) error(404, { message: 'There is no such export.', code: 'not-found' });
	if (made.state !== 'ready' || made.expiresAt === null) redirect(303, '/export?done=not-there');
	await opened(event, made.id);
	const { id, locked, locking, expiresAt, prolonged } = made;
	const name = exports.fileName(ctx, { ...made, volumes: [] });
	const left = exports.prolongedAtMost - prolonged;
	const done = doneOf(made, event.url.searchParams.get('done'));
	return { id, name, locked, locking, expiresAt, left, done };
};

/** Whoever was told that it is being locked looks again at the same address, until it is or could not be. */
const doneOf = ({ locked, locking }: exports.Export, told: string | null): string | null =>
	told !== 'locking' ? told : locked ? 'locked' : locking ? null : 'lock-failed';

export const actions = {
	longer: async (event) => {
		const { ctx, person } = event.locals;
		await opened(event, event.params.id);
		const outcome = await exports.prolong(ctx, person.id, event.params.id);
		if ('refused' in outcome) return fail(statusOf(outcome.refused), outcome);
		redirect(303, `${event.url.pathname}?done=longer`);
	},
	lock: async (event) => {
		const { ctx, person } = event.locals;
		const form = await readForm(event.request, passphrases, ['passphrase', 'again']);
		if (form.problems) return fail(400, form);
		if (form.values.passphrase !== form.values.again)
			return fail(400, { problems: { again: { code: 'not-the-same' } }, typed: {} });
		await opened(event, event.params.id);
		const outcome = await exports.lock(ctx, person.id, event.params.id, form.values.passphrase);
		if ('problem' in outcome)
			return fail(400, { problems: { passphrase: { code: outcome.problem } }, typed: {} });
		if ('refused' in outcome) return fail(statusOf(outcome.refused), outcome);
		redirect(303, `${event.url.pathname}?done=${outcome.locked ? 'locked' : 'locking'}`);
	}
};
