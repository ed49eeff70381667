// Downloads that their person locks: at any instant each is whole, as it was or locked, and in the end nothing else is left.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import type { Context } from '../../../src/lib/server/context.ts';
import { content, find, lock, order } from '../../../src/lib/server/exports/exports.ts';
import { openedWith } from '../../support/passphrase.ts';
import { filesBelow, reader, workUntil } from './people.ts';
import { scenario, type World } from './scenario.ts';

interface Given {
	personId: string;
	exports: { id: string; plain: string }[];
}

const passphrase = 'the walrus sings on Tuesdays';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function prepare({ ctx, random }: World): Promise<Given> {
	const person = await reader(ctx, 'reader', random.whole(1, 500));
	const exports: Given['exports'] = [];
	for (let number = 0; number < 2; number += 1) {
		const made = await order(ctx, person, { categories: [], language: 'en', sessionId: 's' }, 60_000);
		if ('refused' in made || made.state !== 'ready') throw new Error('an export was not made');
		exports.push({ id: made.id, plain: made.sha256 ?? '' });
	}
	return { personId: person.id, exports };
}

/** What is downloaded is what its checksum says: of the plain ZIP, or of the locked file. */
async function checkWhole({ ctx }: World, { personId, exports }: Given): Promise<void> {
	for (const { id, plain } of exports) {
		const row = await find(ctx, personId, id);
		const bytes = Buffer.concat(await Array.fromAsync(await content(ctx, personId, id)));
		assert.equal(sha256(bytes), row?.volumes[0]?.sha256);
		assert.equal(sha256(bytes) === plain, !row?.locked);
	}
}

const filesOf = ({ settings }: Pick<Context, 'settings'>, { personId }: Given) =>
	filesBelow(join(settings.dataFolder, 'exports', personId));

async function drive(ctx: Context, given: Given): Promise<void> {
	const lockOne = async ({ id }: { id: string }) => {
		while (!(await find(ctx, given.personId, id))?.locked) {
			const outcome = await lock(ctx, given.personId, id, passphrase, 60_000);
			// Whoever removes what a dead process left holds it for a moment.
			assert.deepEqual(outcome, 'locked' in outcome ? { locked: true } : { refused: 'export-locked' });
			await pause(20);
		}
	};
	const locked = Promise.all(given.exports.map(lockOne));
	const isClean = async () => filesOf(ctx, given).every((file) => file.endsWith('.age.sealed'));
	await Promise.all([locked, workUntil(ctx, async () => (await locked) && isClean())]);
}

async function check(world: World, given: Given): Promise<void> {
	const { ctx } = world;
	await checkWhole(world, given);
	for (const { id, plain } of given.exports) {
		const sealed = Buffer.concat(await Array.fromAsync(await content(ctx, given.personId, id)));
		assert.equal(sha256(await openedWith(passphrase, sealed)), plain);
	}
	assert.equal(filesOf(ctx, given).length, given.exports.length);
}

export const locks = scenario<Given>({ name: 'locks', prepare, drive, checkKilled: checkWhole, check });
