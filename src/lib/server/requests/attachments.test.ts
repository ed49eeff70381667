import { expect, test } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { requestsContract } from './personal-data.ts';
import * as requests from './requests.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const bytes = (text: string) => new TextEncoder().encode(text);
const png = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64'
);

async function asked(files: requests.File[]) {
	const person = await alice(portal.as());
	const ctx = as(portal.as(), person);
	return {
		person,
		ctx,
		outcome: await requests.open(ctx, person, { kind: 'question', text: 'See this.', files })
	};
}

test('Alice sends a picture and a note, and gets back what she sent under names of ours', async () => {
	const { person, ctx, outcome } = await asked([
		{ name: '../../me\u202egnp.exe', bytes: png },
		{ name: 'note.html', bytes: bytes('plain words') }
	]);
	const { id } = outcome as { id: string };
	const { attachments } = (await requests.find(ctx, person.id, id)) as requests.Found;
	expect(attachments).toMatchObject([
		{ type: 'image/png', fileName: 'attachment-1.png', name: '../../megnp.exe', bytes: png.length },
		{ type: 'text/plain', fileName: 'attachment-2.txt', name: 'note.html' }
	]);
	const picture = await requests.attachment(ctx, person.id, id, attachments[0]?.id as string);
	expect(picture?.content.equals(png)).toBe(true);
	const row = await ctx.db
		.selectFrom('requestAttachment')
		.selectAll()
		.where('requestId', '=', id)
		.executeTakeFirst();
	expect(Buffer.from(row?.content as Uint8Array).includes(png.subarray(0, 8))).toBe(false);
	const other = await bob(portal.as());
	expect(
		await requests.attachment(as(portal.as(), other), other.id, id, attachments[0]?.id as string)
	).toBeUndefined();
	const [part] = await requestsContract.collect(ctx, person.id);
	for await (const rows of part?.pages() ?? [])
		expect(rows).toMatchObject([
			{ messages: [{ attachments: [{ name: '../../megnp.exe', file: expect.any(String) as string }, {}] }] }
		]);
	const held = await Array.fromAsync(part?.files?.() ?? []);
	expect(held[0]).toMatchObject({ mediaType: 'image/png', name: '../../megnp.exe' });
	expect(held[0]?.path).toBe(`files/requests/${attachments[0]?.id}.png`);
	expect(Buffer.concat(await Array.fromAsync(held[0]?.open() ?? [])).equals(png)).toBe(true);
	while (!(await requestsContract.erase(ctx, person.id, 1)).done);
	expect(
		await ctx.db.selectFrom('requestAttachment').select('id').where('personId', '=', person.id).execute()
	).toEqual([]);
});

test('what is too large, too many, or of another kind than it may be is refused, and nothing is opened', async () => {
	const refused = async (files: requests.File[], code: string) => {
		const { person, ctx, outcome } = await asked(files);
		expect(outcome).toMatchObject({ problems: { files: { code } } });
		expect(await requests.list(ctx, person.id, { limit: 1 })).toEqual([]);
	};
	await refused([{ name: 'a.txt', bytes: new Uint8Array(5_000_001).fill(65) }], 'file-too-large');
	await refused(
		Array.from({ length: 4 }, () => ({ name: 'a.txt', bytes: bytes('a') })),
		'files-too-many'
	);
	await refused([{ name: 'a.pdf', bytes: Buffer.from('504b0304', 'hex') }], 'file-kind');
	await refused(
		[{ name: 'a.png', bytes: Buffer.from('4d5a90000300000004000000ffff0000', 'hex') }],
		'file-kind'
	);
	await refused([{ name: 'a.txt', bytes: Buffer.from([0x41, 0x00, 0x42]) }], 'file-kind');
});
