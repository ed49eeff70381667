// What the outboxes hold about a person: that something was sent to them or told to partners, and, until it is delivered, what.
import type { Context } from '../context.ts';
import type { Part, PersonalDataContract, Row } from '../personal-data-contract.ts';
import { history } from './delivery.ts';
import { removeFromFolder } from './outbox-folder.ts';
import { withholdValues } from './partners/partner-calls.ts';
import { countCalls, deleteCalls, selectCalls } from './partners/queries.ts';
import { countMessages, deleteMessages } from './queries.ts';

const pageSize = 1_000;
const fields = ['id', 'channel', 'template', 'topic', 'state', 'createdAt', 'sentAt'] as const;

const callFields = ['id', 'partner', 'type', 'about', 'state', 'createdAt', 'at'] as const;
const typeOf = (id: string): string => (id === 'at' || id.endsWith('At') ? 'instant' : 'text');

/** Pages of `read`, newest first, until one is not full. */
async function* pagesOf<Found extends { id: string }>(
	read: (before: string | undefined) => Promise<Found[]>
): AsyncGenerator<Row[]> {
	let before: string | undefined;
	for (;;) {
		const found = await read(before);
		if (found.length) yield found.map((row): Row => ({ ...row }));
		if (found.length < pageSize) return;
		before = found.at(-1)?.id;
	}
}

const messagesPart = async (ctx: Context, personId: string): Promise<Part> => ({
	path: 'messages/history',
	category: 'portal.messages',
	source: 'portal',
	expected: await countMessages(ctx, personId),
	shape: 'table',
	fields: fields.map((id) => ({ id, type: typeOf(id), label: `messages:field.${id}` })),
	pages: () => pagesOf((before) => history(ctx, personId, before, pageSize))
});

const callsPart = async (ctx: Context, personId: string): Promise<Part> => ({
	path: 'sharing/told-partners',
	category: 'portal.sharing',
	source: 'portal',
	expected: await countCalls(ctx, personId),
	shape: 'table',
	fields: callFields.map((id) => ({ id, type: typeOf(id), label: `corrections:call.${id}` })),
	pages: () => pagesOf((before) => selectCalls(ctx, personId, before, pageSize))
});

export const deliveryContract: PersonalDataContract = {
	id: 'delivery',
	tables: ['outbox', 'partner_call'],
	folders: ['outbox'],
	count: async (ctx, personId) => [
		{ category: 'portal.messages', records: await countMessages(ctx, personId) },
		{ category: 'portal.sharing', records: await countCalls(ctx, personId) }
	],
	collect: async (ctx, personId, categories) => [
		...(!categories || categories.has('portal.messages') ? [await messagesPart(ctx, personId)] : []),
		...(!categories || categories.has('portal.sharing') ? [await callsPart(ctx, personId)] : [])
	],
	// Restriction stops what is used for others' ends; that a person is told of their own account goes on.
	restrict: (ctx, personId, on) => (on ? withholdValues(ctx, personId) : Promise.resolve()),
	erase: async (ctx, personId, limit) => {
		const messages = await deleteMessages(ctx, personId, limit);
		await removeFromFolder(ctx, messages);
		const calls = messages.length < limit ? await deleteCalls(ctx, personId, limit - messages.length) : 0;
		const destroyed = messages.length + calls;
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => []
};
