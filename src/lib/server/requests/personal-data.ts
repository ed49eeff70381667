// What requests hold about a person, and how they leave.
import type { Context } from '../context.ts';
import type { PersonalDataContract, Row } from '../personal-data-contract.ts';
import { attachment, attachmentsOf, type Attachment } from './attachments.ts';
import { readMessages } from './messages.ts';
import { countRequests, deleteRequests, selectRequests } from './queries.ts';

const pageSize = 100;
const messagesAtOnce = 1_000;

async function threadOf(ctx: Context, personId: string, requestId: string): Promise<Row[]> {
	const thread: Row[] = [];
	const files = await attachmentsOf(ctx, personId, requestId);
	let after: string | undefined;
	for (;;) {
		const messages = await readMessages(ctx, personId, requestId, { after, limit: messagesAtOnce });
		for (const { id, author, at, text } of messages)
			thread.push({
				author,
				at,
				text,
				...(await filesOf(
					ctx,
					personId,
					requestId,
					files.filter(({ messageId }) => messageId === id)
				))
			});
		if (messages.length < messagesAtOnce) return thread;
		after = messages.at(-1)?.id;
	}
}

/** Files whole, in Base64: a person has 50 MB of them at most. */
async function filesOf(
	ctx: Context,
	personId: string,
	requestId: string,
	files: readonly Attachment[]
): Promise<Row> {
	if (!files.length) return {};
	const attachments: Row[] = [];
	for (const { id, name, fileName, type, bytes } of files) {
		const found = await attachment(ctx, personId, requestId, id);
		attachments.push({ name, fileName, type, bytes, content: found?.content.toString('base64') ?? null });
	}
	return { attachments };
}

/** A request with its thread is one row: it is read as one. */
async function* pagesOf(ctx: Context, personId: string): AsyncIterable<readonly Row[]> {
	let before: string | undefined;
	for (;;) {
		const requests = await selectRequests(ctx, personId, before, pageSize);
		const rows: Row[] = [];
		for (const { remindedAt: _reminded, alarmedAt: _alarmed, ...request } of requests)
			rows.push({ ...request, messages: await threadOf(ctx, personId, request.id) });
		if (rows.length) yield rows;
		if (requests.length < pageSize) return;
		before = requests.at(-1)?.id;
	}
}

const columns = {
	id: 'text',
	kind: 'text',
	state: 'text',
	subject: 'text',
	rule: 'text',
	openedAt: 'instant',
	dueAt: 'instant',
	closedAt: 'instant',
	channel: 'text',
	receivedAt: 'instant',
	asks: 'text',
	extendedAt: 'instant',
	decision: 'text',
	ground: 'text',
	decidedAt: 'instant',
	appealOf: 'text',
	messages: 'objects'
};

export const requestsContract: PersonalDataContract = {
	id: 'requests',
	tables: ['request', 'request_message', 'request_attachment'],
	count: async (ctx, personId) => [
		{ category: 'portal.requests', records: await countRequests(ctx, personId) }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.requests')) return [];
		const fields = Object.entries(columns).map(([id, type]) => ({
			id,
			type,
			label: `requests:column.${id}`
		}));
		const expected = await countRequests(ctx, personId);
		return [
			{
				path: 'requests',
				category: 'portal.requests',
				source: 'portal',
				expected,
				shape: 'document',
				fields,
				pages: () => pagesOf(ctx, personId)
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteRequests(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => []
};
