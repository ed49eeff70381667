// What the outbox holds about a person: that something was sent, and, until it is delivered, what.
import type { PersonalDataContract, Row } from '../personal-data-contract.ts';
import { history } from './delivery.ts';
import { removeFromFolder } from './outbox-folder.ts';
import { countMessages, deleteMessages } from './queries.ts';

const pageSize = 1_000;
const fields = ['id', 'channel', 'template', 'state', 'createdAt', 'sentAt'] as const;

export const deliveryContract: PersonalDataContract = {
	id: 'delivery',
	tables: ['outbox'],
	folders: ['outbox'],
	count: async (ctx, personId) => [
		{ category: 'portal.messages', records: await countMessages(ctx, personId) }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.messages')) return [];
		return [
			{
				path: 'messages/history',
				category: 'portal.messages',
				source: 'portal',
				expected: await countMessages(ctx, personId),
				shape: 'table',
				fields: fields.map((id) => ({
					id,
					type: id.endsWith('At') ? 'instant' : 'text',
					label: `messages:field.${id}`
				})),
				async *pages() {
					let before: string | undefined;
					for (;;) {
						const messages = await history(ctx, personId, before, pageSize);
						if (messages.length) yield messages.map((message): Row => ({ ...message }));
						if (messages.length < pageSize) return;
						before = messages.at(-1)?.id;
					}
				}
			}
		];
	},
	// Restriction stops what is used for others' ends; that a person is told of their own account goes on.
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteMessages(ctx, personId, limit);
		await removeFromFolder(ctx, destroyed);
		return { destroyed: destroyed.length, done: destroyed.length < limit };
	},
	keep: async () => []
};
