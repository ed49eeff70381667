// Records whose time is over: each goes once and is told of once, what is newer stays, and the counts are true throughout.
import assert from 'node:assert/strict';
import * as audit from '../../../src/lib/server/audit/audit.ts';
import type { Context } from '../../../src/lib/server/context.ts';
import * as records from '../../../src/lib/server/records/records.ts';
import { reader, workUntil } from './people.ts';
import { scenario, type World } from './scenario.ts';

interface Given {
	readers: { id: string; old: number; young: number }[];
	/** Up to which instant loans are over. */
	until: string;
}

const days = 86_400_000;

async function prepare({ ctx, random }: World): Promise<Given> {
	const now = ctx.clock.now().getTime();
	const readers: Given['readers'] = [];
	for (let number = 0; number < 25; number += 1) {
		const [old, young] = [random.whole(0, 60) * 20, random.whole(0, 40)];
		const { id } = await reader(ctx, `reader-${number}`, young);
		const loans = Array.from({ length: old }, (_, index) => ({
			category: 'loans',
			id: `old-${index}`,
			at: new Date(now - 400 * days - index * 60_000).toISOString(),
			fields: { title: `Old title ${index}`, dueOn: '2025-01-01' }
		}));
		if (old) await records.put(ctx, id, loans);
		readers.push({ id, old, young });
	}
	return { readers, until: new Date(now - 399 * days).toISOString() };
}

const loansOf = async (ctx: Context, personId: string) =>
	ctx.db.selectFrom('record').select('at').where('personId', '=', personId).execute();

/** What is there and what the person was told of make what there was; the count counts what is there. */
async function checkKilled({ ctx }: World, { readers, until }: Given): Promise<void> {
	for (const { id, old, young } of readers) {
		const loans = await loansOf(ctx, id);
		const left = loans.filter(({ at }) => at <= until).length;
		const told = (await audit.page(ctx, id, undefined, 1_000))
			.filter(({ kind }) => kind === 'records-expired')
			.reduce((sum, { details }) => sum + Number(details['count']), 0);
		assert.equal(loans.length - left, young, `${id} lost a loan that is young`);
		assert.equal(left + told, old, `${id} was told of ${told} of ${old - left} that are gone`);
		assert.equal((await records.counts(ctx, id)).get('loans') ?? 0, loans.length);
	}
}

async function anyOver(ctx: Context, { until }: Given): Promise<boolean> {
	const old = ctx.db.selectFrom('record').select('id').where('at', '<=', until).limit(1);
	return (await old.executeTakeFirst()) !== undefined;
}

export const retention = scenario<Given>({
	name: 'retention',
	prepare,
	drive: (ctx, given) => workUntil(ctx, async () => !(await anyOver(ctx, given))),
	checkKilled,
	check: async (world, given) => {
		assert.equal(await anyOver(world.ctx, given), false);
		await checkKilled(world, given);
	}
});
