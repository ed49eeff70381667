// What replies hold about a person: what they wrote back in their own words, until somebody has read it.
import type { Context } from '../context.ts';
import type { PersonalDataContract, Row } from '../personal-data-contract.ts';
import { open } from '../platform/keys/keys.ts';
import { countReplies, deleteReplies, selectReplies } from './queries.ts';

const pageSize = 1_000;
const fields = {
	id: 'text',
	channel: 'text',
	kind: 'text',
	state: 'text',
	text: 'text',
	at: 'instant',
	decidedAt: 'instant'
} as const;

export const replyPlace = (id: string) => ({ table: 'reply', column: 'sealed', row: id });

async function* pagesOf(ctx: Context, personId: string): AsyncGenerator<Row[]> {
	const key = await ctx.keys.of(personId);
	let before: string | undefined;
	for (;;) {
		const found = await selectReplies(ctx, personId, before, pageSize);
		if (found.length)
			yield found.map(({ sealed, ...row }) => ({
				...row,
				text: sealed.length ? open<{ text: string }>(key, replyPlace(row.id), sealed).text : null
			}));
		if (found.length < pageSize) return;
		before = found.at(-1)?.id;
	}
}

export const repliesContract: PersonalDataContract = {
	id: 'replies',
	tables: ['reply'],
	count: async (ctx, personId) => [
		{ category: 'portal.messages', records: await countReplies(ctx, personId) }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.messages')) return [];
		return [
			{
				path: 'messages/replies',
				category: 'portal.messages',
				source: 'portal',
				expected: await countReplies(ctx, personId),
				shape: 'table',
				fields: Object.entries(fields).map(([id, type]) => ({ id, type, label: `messages:reply.${id}` })),
				pages: () => pagesOf(ctx, personId)
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteReplies(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => []
};
