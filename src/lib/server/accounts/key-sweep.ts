// Promise: a key that has had no person for a day is removed (DESIGN §3.8); keys of people, and those of the erased, stay alone.
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import type { Birth } from '../platform/keys/births.ts';
import type { WorkKind } from '../platform/work/work.ts';
import { selectExisting, selectMark, upsertMark } from './queries.ts';

const markName = 'keys-swept';
const batch = 500;

/** Where the sweep has come to: keys made before have a person, or are gone. */
async function sweptUntil(ctx: Context): Promise<Birth> {
	const [createdAt = '', personId = ''] = (await selectMark(ctx, markName))?.value.split(' ') ?? [];
	return { createdAt, personId };
}

/** Each key is looked at once, when it is a day old: whoever is registered by then is there, or never will be. */
export const keySweep: WorkKind<Context> = {
	name: 'keys without people',
	run: async (ctx) => {
		const dayAgo = instant(after(ctx.clock.now(), -1, 'days'));
		const keys = await ctx.keys.births.between(await sweptUntil(ctx), dayAgo, batch);
		const last = keys.at(-1);
		if (!last) return 0;
		const ids = keys.map(({ personId }) => personId);
		const existing = new Set(await selectExisting(ctx, ids));
		const orphans = ids.filter((personId) => !existing.has(personId));
		await ctx.keys.births.undo(orphans);
		await upsertMark(ctx, markName, `${last.createdAt} ${last.personId}`);
		if (orphans.length) ctx.log.info({ keys: orphans.length }, 'keys that never had a person were removed');
		return keys.length;
	}
};
