import { error } from '@sveltejs/kit';
import * as requests from '$lib/server/requests/requests';
import { attachmentAnswer } from '../../../../../../attachment';
import { staffOf } from '../../../../../../staff-cookie';

export const GET = async ({ locals, params }) => {
	const found = await requests.viewAs(locals.ctx, staffOf(locals).member, params.id);
	if ('refused' in found) error(404, { message: 'not-found', code: 'not-found' });
	return attachmentAnswer(locals.ctx, found.personId, params.id, params.attachment);
};
