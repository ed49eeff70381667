import * as audit from '$lib/server/audit/audit';
import { actorOf, changeOf, iconOf, sentenceOf } from './sentence';

const pageSize = 30;
const idPattern = /^[0-9a-f-]{36}$/;

export const load = async ({ locals: { ctx, person, translation }, url }) => {
	const asked = url.searchParams.get('before') ?? '';
	const before = idPattern.test(asked) ? asked : undefined;
	const found = await audit.page(ctx, person.id, before, pageSize + 1);
	const shown = found.slice(0, pageSize);
	return {
		events: shown.map((event) => ({
			at: event.at,
			title: sentenceOf(translation, ctx.organisation, event),
			change: changeOf(translation, ctx.organisation, event),
			actor: actorOf(event.actor, person.id),
			icon: iconOf(event.kind)
		})),
		older: found.length > pageSize ? shown.at(-1)?.id : undefined,
		paged: before !== undefined
	};
};
