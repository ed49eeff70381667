// Promise: a file is of the few kinds that are harmless to keep, by what is in it; it is sealed, and handed out as a download only.
import { fileTypeFromBuffer } from 'file-type';
import type { Context } from '../context.ts';
import { characterProblem } from '../organisation/field-value.ts';
import { open, seal } from '../platform/keys/keys.ts';
import { openBytes, sealBytes } from '../platform/keys/seal.ts';
import { insertAttachment, selectAttachment, selectAttachments, selectAttachedBytes } from './queries.ts';

export interface File {
	/** How its sender calls it: shown, never used as a name of ours. */
	name: string;
	bytes: Uint8Array;
}

export interface FileProblem {
	code: 'file-too-large' | 'file-kind' | 'files-too-many' | 'files-too-large';
	values?: Record<string, number>;
}

export interface Attachment {
	id: string;
	messageId: string;
	/** The name that we give. */
	fileName: string;
	/** The sender's own. */
	name: string;
	bytes: number;
	type: string;
}

const megabyte = 1_000_000;
export const attachmentLimits = { megabytesAFile: 5, filesAMessage: 3, megabytesAPerson: 50 };

/** What may be kept, with the ending that we give it. */
const endings: Readonly<Record<string, string>> = {
	'application/pdf': 'pdf',
	'image/png': 'png',
	'image/jpeg': 'jpg',
	'image/webp': 'webp',
	'image/heic': 'heic',
	'text/plain': 'txt'
};

const place = (column: 'sealed' | 'content', id: string) => ({
	table: 'request_attachment',
	column,
	row: id
});

interface Prepared {
	name: string;
	type: string;
	bytes: Uint8Array;
}

/** Text has no signature: it is UTF-8 without control characters. */
function isText(bytes: Uint8Array): boolean {
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text);
	} catch {
		return false;
	}
}

/** The kind of a file by what is in it, whatever its name or its sender says; undefined for one that is not taken. */
async function typeOf(bytes: Uint8Array): Promise<string | undefined> {
	const found = await fileTypeFromBuffer(bytes);
	const type = found?.mime ?? (isText(bytes) ? 'text/plain' : undefined);
	return type !== undefined && type in endings ? type : undefined;
}

const shownName = (name: string): string =>
	[...name.normalize('NFC')]
		.filter((character) => !characterProblem(character, false))
		.join('')
		.slice(0, 200);

/** Looks at the files before anything is written: `file-too-large`, `file-kind`, `files-too-many`, `files-too-large`. */
async function prepare(
	ctx: Context,
	personId: string,
	files: readonly File[]
): Promise<Prepared[] | { problems: { files: FileProblem } }> {
	const { filesAMessage, megabytesAFile, megabytesAPerson } = attachmentLimits;
	const problem = (code: FileProblem['code'], max: number) => ({
		problems: { files: { code, values: { max } } }
	});
	if (files.length === 0) return [];
	if (files.length > filesAMessage) return problem('files-too-many', filesAMessage);
	const added = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
	if ((await selectAttachedBytes(ctx, personId)) + added > megabytesAPerson * megabyte)
		return problem('files-too-large', megabytesAPerson);
	const prepared: Prepared[] = [];
	for (const { name, bytes } of files) {
		if (bytes.length > megabytesAFile * megabyte) return problem('file-too-large', megabytesAFile);
		const type = await typeOf(bytes);
		if (!type) return { problems: { files: { code: 'file-kind' } } };
		prepared.push({ name: shownName(name), type, bytes });
	}
	return prepared;
}

/** Seals the files beside their message, in the caller's transaction. */
async function store(
	ctx: Context,
	personId: string,
	{ requestId, messageId }: { requestId: string; messageId: string },
	files: readonly Prepared[]
): Promise<void> {
	if (!files.length) return;
	const key = await ctx.keys.of(personId);
	for (const { name, type, bytes } of files) {
		const id = ctx.ids.next();
		const sealed = seal(key, place('sealed', id), { name });
		const content = sealBytes(key, place('content', id), bytes);
		await insertAttachment(ctx, {
			personId,
			requestId,
			id,
			messageId,
			type,
			bytes: bytes.length,
			sealed,
			content
		});
	}
}

export const attach = { prepare, store };

/** What is attached to a request, by message; without the content. */
export async function attachmentsOf(
	ctx: Context,
	personId: string,
	requestId: string
): Promise<Attachment[]> {
	const rows = await selectAttachments(ctx, personId, requestId);
	if (!rows.length) return [];
	const key = await ctx.keys.of(personId);
	return rows.map(({ id, messageId, type, bytes, sealed }, index) => ({
		id,
		messageId,
		type,
		bytes,
		fileName: `attachment-${index + 1}.${endings[type]}`,
		name: open<{ name: string }>(key, place('sealed', id), sealed).name
	}));
}

/** One file with what is in it; undefined for one of another request or person. */
export async function attachment(
	ctx: Context,
	personId: string,
	requestId: string,
	id: string
): Promise<{ type: string; fileName: string; content: Buffer } | undefined> {
	const row = await selectAttachment(ctx, personId, requestId, id);
	if (!row) return undefined;
	const all = await selectAttachments(ctx, personId, requestId);
	const fileName = `attachment-${all.findIndex((one) => one.id === id) + 1}.${endings[row.type]}`;
	return {
		type: row.type,
		fileName,
		content: openBytes(await ctx.keys.of(personId), place('content', id), row.content)
	};
}
