import * as delivery from '$lib/server/delivery/delivery';
import { nameOfLetter } from '../../../letter-name';

const pageSize = 30;
const idPattern = /^[0-9a-f-]{36}$/;

export const load = async ({ locals: { ctx, person, translation }, url }) => {
	const asked = url.searchParams.get('before') ?? '';
	const before = idPattern.test(asked) ? asked : undefined;
	const found = await delivery.history(ctx, person.id, before, pageSize + 1);
	const shown = found.slice(0, pageSize);
	return {
		messages: shown.map((message) => ({
			about: nameOfLetter(translation, ctx.organisation, message),
			channel: message.channel,
			state: message.state,
			at: message.sentAt ?? message.createdAt
		})),
		older: found.length > pageSize ? shown.at(-1)?.id : undefined,
		paged: before !== undefined
	};
};
