// All SQL of addresses that must not be written to. Of an identifier it reads the blind index and the use, never the value.
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { keptQuery } from '../../platform/database/kept.ts';
import { listed } from '../../platform/database/listed.ts';
import type { AddressBlockTable, StrangerStopTable } from '../../schema.ts';

type Way = AddressBlockTable['channel'];

/** The keyed hash of the address that the person has now. */
export async function selectBlind(
	ctx: Context,
	personId: string,
	kind: 'email' | 'phone'
): Promise<Buffer | undefined> {
	const row = await ctx.db
		.selectFrom('identifier')
		.select('blind')
		.where('personId', '=', personId)
		.where('kind', '=', kind)
		.executeTakeFirst();
	return row?.blind;
}

/** Answers false where the same address is blocked for the same reason already. */
export async function upsertBlock(
	ctx: Context,
	{ personId, channel, because, blind, since }: AddressBlockTable
): Promise<boolean> {
	const { numInsertedOrUpdatedRows } = await ctx.db
		.insertInto('addressBlock')
		.values({ personId, channel, because, blind, since })
		.onConflict((conflict) =>
			conflict
				.columns(['personId', 'channel', 'because'])
				.doUpdateSet({ blind, since })
				.where('addressBlock.blind', '!=', blind)
		)
		.executeTakeFirst();
	return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Every block of the person, also of an address that they do not have any more; at most one a way and reason. */
export const selectBlocks = (ctx: Context, personId: string) =>
	ctx.db
		.selectFrom('addressBlock')
		.select(['channel', 'because', 'since'])
		.where('personId', '=', personId)
		.orderBy('since')
		.orderBy('channel')
		.orderBy('because')
		.execute();

export async function deleteBlock(
	ctx: Context,
	personId: string,
	channel: Way,
	because: AddressBlockTable['because']
): Promise<boolean> {
	const { numDeletedRows } = await ctx.db
		.deleteFrom('addressBlock')
		.where('personId', '=', personId)
		.where('channel', '=', channel)
		.where('because', '=', because)
		.executeTakeFirst();
	return numDeletedRows > 0n;
}

/** Answers false where a stop of that address stands already: a later one where `isDated`, any without. */
export async function insertStrangerStop(
	ctx: Context,
	{ channel, blind, at }: StrangerStopTable,
	isDated: boolean
): Promise<boolean> {
	const { numInsertedOrUpdatedRows } = await ctx.db
		.insertInto('strangerStop')
		.values({ channel, blind, at })
		.onConflict((conflict) => {
			const again = conflict.columns(['channel', 'blind']);
			return isDated ? again.doUpdateSet({ at }).where('strangerStop.at', '<', at) : again.doNothing();
		})
		.executeTakeFirst();
	return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** The stop of an address that came before that instant; answers whether there was one. */
export async function deleteStrangerStop(
	ctx: Context,
	{ channel, blind, at }: StrangerStopTable
): Promise<boolean> {
	const { numDeletedRows } = await ctx.db
		.deleteFrom('strangerStop')
		.where('channel', '=', channel)
		.where('blind', '=', blind)
		.where('at', '<', at)
		.executeTakeFirst();
	return numDeletedRows > 0n;
}

const way = sql<Way>`case identifier.kind when 'email' then 'email' else 'sms' end`;

const addressFacts = keptQuery((db: Context['db'], people: string) =>
	db
		.selectFrom('identifier')
		.leftJoin('addressBlock', (join) =>
			join
				.onRef('addressBlock.personId', '=', 'identifier.personId')
				.on('addressBlock.channel', '=', way)
				.onRef('addressBlock.blind', '=', 'identifier.blind')
		)
		.leftJoin('strangerStop', (join) =>
			join.on('strangerStop.channel', '=', way).onRef('strangerStop.blind', '=', 'identifier.blind')
		)
		.select([
			'identifier.personId',
			'identifier.kind',
			'identifier.use',
			'addressBlock.channel as blocked',
			'addressBlock.because',
			'addressBlock.since',
			'strangerStop.channel as stopped',
			'strangerStop.at as stoppedAt'
		])
		.where('identifier.personId', 'in', listed(db, people))
		.where('identifier.kind', 'in', ['email', 'phone'])
		.where((is) =>
			is.or([
				is('identifier.use', '=', 'verification'),
				is('addressBlock.because', 'is not', null),
				is('strangerStop.at', 'is not', null)
			])
		)
);

/** What stands against addresses of these people; of whom nothing does, there is no row. */
export const selectAddressFacts = (ctx: Context, people: readonly string[]) =>
	addressFacts(ctx, JSON.stringify(people));
