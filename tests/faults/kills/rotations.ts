// Master keys are exchanged while people are erased: every key stays the key it was, and no destroyed one comes back.
import assert from 'node:assert/strict';
import { createHash, randomBytes, type KeyObject } from 'node:crypto';
import type { Context } from '../../../src/lib/server/context.ts';
import { openDatabase } from '../../../src/lib/server/platform/database/open.ts';
import { keyringOf, parseMasterKeys, type Keyring } from '../../../src/lib/server/platform/keys/keyring.ts';
import { openRotation } from '../../../src/lib/server/platform/keys/rotation.ts';
import type { KeysSchema } from '../../../src/lib/server/platform/keys/tables.ts';
import { somebody } from '../../support/people.ts';
import { scenario, type World } from './scenario.ts';

interface Given {
	/** Whose key dies meanwhile. */
	leaving: string[];
	/** What tells each key, by person. */
	prints: Record<string, string>;
}

const masterKeys = [1, 2].map((version) => `${version}:${randomBytes(32).toString('base64')}`);
const ringOf = (text: string) => keyringOf(parseMasterKeys(text) as Map<number, KeyObject>);

const printOf = (key: KeyObject | undefined): string | undefined =>
	key && createHash('sha256').update(key.export()).digest('hex');

/** As before the newest master key came: everything lies under the first. */
async function wrapWithTheFirst({ settings }: Context): Promise<void> {
	const given = settings.masterKeys as { text: string };
	const [first = ''] = given.text.split(',');
	const back: Keyring = { ...ringOf(given.text), current: 1, wrap: ringOf(first).wrap };
	const db = openDatabase<KeysSchema>(settings.keysUrl);
	const rotation = openRotation(db, back).run();
	while (!(await rotation.next()).done);
	await db.destroy();
}

async function prepare({ ctx, random }: World): Promise<Given> {
	const given: Given = { leaving: [], prints: {} };
	for (let number = 0; number < 12; number += 1) given.leaving.push((await somebody(ctx)).id);
	await ctx.db.updateTable('person').set({ state: 'erasing' }).execute();
	const others = Array.from({ length: random.whole(4_000, 12_000) }, () => ctx.ids.next());
	for (const [id, key] of await ctx.keys.birthMany(others))
		if (random.chance(0.02)) given.prints[id] = printOf(key) as string;
	for (const id of given.leaving) given.prints[id] = printOf(await ctx.keys.of(id)) as string;
	await wrapWithTheFirst(ctx);
	return given;
}

async function drive(ctx: Context, { leaving }: Given): Promise<void> {
	const waiting = [...leaving];
	const leave = async () => {
		const personId = waiting.pop();
		if (personId) await ctx.keys.destroy({ personId, refuse: [{ kind: 'external', value: personId }] });
		return personId !== undefined;
	};
	const rotation = ctx.keys.rotation.run();
	while (!(await rotation.next()).done) await leave();
	while (await leave());
}

async function checkKilled({ ctx }: World, { leaving, prints }: Given): Promise<void> {
	for (const [id, print] of Object.entries(prints)) {
		const found = printOf(await ctx.keys.find(id));
		if (!leaving.includes(id)) assert.equal(found, print, `the key of ${id} is another one`);
		else assert.equal(found, (await ctx.keys.isErased(id)) ? undefined : print);
	}
}

async function check(world: World, given: Given): Promise<void> {
	await checkKilled(world, given);
	const { keys } = world.ctx;
	for (const id of given.leaving) assert.equal(await keys.isErased(id), true);
	assert.deepEqual(
		(await keys.rotation.versions()).map(({ version }) => version),
		[2]
	);
	assert.deepEqual(await keys.tombstones.compare(), { agree: true });
	assert.equal((await keys.tombstones.head()).number, given.leaving.length);
}

export const rotations = scenario<Given>({
	name: 'rotations',
	settings: { CANDOR_MASTER_KEYS: masterKeys.join(',') },
	prepare,
	drive,
	checkKilled,
	check
});
