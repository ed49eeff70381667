import { error, redirect } from '@sveltejs/kit';
import * as exports from '$lib/server/exports/exports';
import { downloadOf } from '../../../../export/[id]/download';
import { opened } from '../../../../export/[id]/opened';
import { guardedWard } from '../../../ward';

/** The finished copy of a child's data, for its guardian, in a session that proved itself within a day. */
export const GET = async (event) => {
	const { locals, params } = event;
	const { ctx } = locals;
	const { child } = await guardedWard(locals, params.child);
	const made = await exports.find(ctx, child.id, params.id);
	if (!made) error(404, { message: 'There is no such export.', code: 'not-found' });
	if (made.state !== 'ready' || made.bytes === null) redirect(303, `/family/${child.id}/export`);
	await opened(event, made.id);
	return downloadOf(ctx, child.id, made, event);
};
