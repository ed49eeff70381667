// What requests hold about a person, and how they leave.
import type { Context } from '../context.ts';
import {
	ReadingEnded,
	type HeldFile,
	type PersonalDataContract,
	type Row
} from '../personal-data-contract.ts';
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
				...filesOf(files.filter(({ messageId }) => messageId === id))
			});
		if (messages.length < messagesAtOnce) return thread;
		after = messages.at(-1)?.id;
	}
}

/** Where a file lies in an export: an id and an ending of ours. */
const pathOf = ({ id, fileName }: Attachment): string => `files/requests/${id}.${fileName.split('.').at(-1)}`;

function filesOf(files: readonly Attachment[]): Row {
	if (!files.length) return {};
	const attachments = files.map((file) => {
		const { name, type, bytes } = file;
		return { name, type, bytes, file: pathOf(file) };
	});
	return { attachments };
}

/** Every file of every request: a person has 50 MB of them at most, and one is held at a time. */
async function* heldFiles(ctx: Context, personId: string): AsyncGenerator<HeldFile> {
	let before: string | undefined;
	for (;;) {
		const requests = await selectRequests(ctx, personId, before, pageSize);
		for (const { id } of requests)
			for (const file of await attachmentsOf(ctx, personId, id))
				yield {
					...{ path: pathOf(file), mediaType: file.type, name: file.name },
					async *open() {
						const found = await attachment(ctx, personId, id, file.id);
						if (!found) throw new ReadingEnded('gone');
						yield found.content;
					}
				};
		if (requests.length < pageSize) return;
		before = requests.at(-1)?.id;
	}
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
				pages: () => pagesOf(ctx, personId),
				files: () => heldFiles(ctx, personId)
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
