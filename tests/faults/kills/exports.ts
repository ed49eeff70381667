// An export that is being built, in several volumes: it becomes ready, each volume reads back whole, together they hold what is
// held, once each, and nothing half-made stays behind.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Context } from '../../../src/lib/server/context.ts';
import { content, find } from '../../../src/lib/server/exports/exports.ts';
import * as records from '../../../src/lib/server/records/records.ts';
import { entriesOf } from '../../support/zip.ts';
import { filesBelow, reader, workUntil } from './people.ts';
import { scenario, type World } from './scenario.ts';

interface Given {
	exports: { personId: string; id: string; loans: number }[];
}

/** Far below what a person may choose, so that a few thousand loans fall into several. */
const volumeBytes = 30_000;

/** As a process leaves it that died while it built: ordered, and its lease over. */
async function prepare({ ctx, random }: World): Promise<Given> {
	const exports: Given['exports'] = [];
	for (let number = 0; number < 4; number += 1) {
		const loans = random.whole(1, 2_500);
		const { id: personId } = await reader(ctx, `reader-${number}`, loans);
		const id = ctx.ids.next();
		const at = ctx.clock.now().toISOString();
		const none = { readyAt: null, expiresAt: null, bytes: null, records: null, sha256: null };
		await ctx.db
			.insertInto('export')
			.values({
				...{ personId, id, state: 'building', categories: '', language: 'en', createdAt: at, ...none },
				...{ complete: null, failure: null, nextAttemptAt: at, leasedUntil: null, attempts: 0 },
				...{ locked: 0, prolonged: 0 },
				...{ since: null, until: null, volumeBytes, completes: null, progress: null, missing: null }
			})
			.execute();
		exports.push({ personId, id, loans });
	}
	return { exports };
}

async function isReady(ctx: Context, { exports }: Given): Promise<boolean> {
	const states = await Promise.all(exports.map(({ personId, id }) => find(ctx, personId, id)));
	const failed = states.filter((one) => one?.state === 'failed');
	if (failed.length) throw new Error(`${failed.length} exports failed`);
	const told = await ctx.db
		.selectFrom('outbox')
		.select('id')
		.where('state', 'in', ['waiting', 'sending'])
		.execute();
	return states.every((one) => one?.state === 'ready') && told.length === 0;
}

async function read(ctx: Context, personId: string, id: string, volume: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of await content(ctx, personId, id, 0, Infinity, volume)) chunks.push(chunk);
	return Buffer.concat(chunks);
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

interface Manifest {
	complete: boolean;
	files: { path: string; sha256: string; records: number }[];
}

interface Loan {
	id: string;
	title: string;
}

/** The loans of a volume, once its files are what its manifest says. */
async function loansIn(
	ctx: Context,
	personId: string,
	id: string,
	volume: number,
	hash: string
): Promise<Loan[]> {
	const bytes = await read(ctx, personId, id, volume);
	assert.equal(sha256(bytes), hash);
	const entries = entriesOf(bytes);
	const manifest = JSON.parse(String(entries.get('manifest.json'))) as Manifest;
	assert.equal(manifest.complete, true);
	for (const file of manifest.files) assert.equal(sha256(entries.get(file.path) as Buffer), file.sha256);
	const json = JSON.parse(String(entries.get('data/loans.json') ?? '[]')) as Loan[];
	const lines = String(entries.get('data/loans.csv') ?? '').split('\r\n').length - 2;
	assert.equal(Math.max(0, lines), json.length);
	return json;
}

async function check({ ctx, mails }: World, { exports }: Given): Promise<void> {
	for (const { personId, id, loans } of exports) {
		const row = await find(ctx, personId, id);
		const found: Loan[] = [];
		for (const { number, sha256 } of row?.volumes ?? [])
			found.push(...(await loansIn(ctx, personId, id, number, sha256)));
		const held = await records.readOlder(ctx, personId, 'loans', undefined, loans + 1);
		assert.deepEqual(
			found.map(({ id, title }) => ({ id, title })),
			held.map(({ id, fields }) => ({ id, title: fields['title'] }))
		);
	}
	assert.deepEqual(
		filesBelow(ctx.settings.dataFolder).filter((file) =>
			/\.(building|new|slice|index|volume|done)\b/.test(file)
		),
		[]
	);
	// One message for each, unless the process died while its last bytes left: then nobody can tell, and it is not sent again.
	const open = await ctx.db.selectFrom('outbox').select('id').where('state', '=', 'unconfirmed').execute();
	assert.equal(new Set(mails.map(({ id }) => id)).size, mails.length, 'a message came twice');
	assert.ok(mails.length <= exports.length && mails.length >= exports.length - open.length);
}

export const exportsBuilt = scenario<Given>({
	name: 'exports',
	// On each of two engines: ten every day, a hundred in the proofs.
	leastKills: { few: 5, many: 50 },
	prepare,
	drive: (ctx, given) => workUntil(ctx, () => isReady(ctx, given)),
	check
});
