import { error } from '@sveltejs/kit';
import * as delivery from '$lib/server/delivery/delivery';

export const load = async ({ locals: { ctx }, params }) => {
	const message = ctx.settings.demonstration ? await delivery.sentMessage(ctx, params.id) : undefined;
	if (!message) error(404, { message: 'not-found', code: 'not-found' });
	const { html, ...rest } = message;
	return { message: { ...rest, hasHtml: html !== '' } };
};
