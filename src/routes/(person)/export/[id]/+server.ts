import { error, redirect } from '@sveltejs/kit';
import * as exports from '$lib/server/exports/exports';
import { downloadOf } from './download';
import { opened } from './opened';

/** A finished volume, whole or a range of it: for its person, in a session that proved itself within a day. */
export const GET = async (event) => {
	const { ctx, person } = event.locals;
	const made = await exports.find(ctx, person.id, event.params.id);
	if (!made) error(404, { message: 'There is no such export.', code: 'not-found' });
	if (made.state !== 'ready' || made.bytes === null) redirect(303, '/export?done=not-there');
	await opened(event, made.id);
	return downloadOf(ctx, person.id, made, event);
};
