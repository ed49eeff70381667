// All SQL of sources: how they are, never what they hold.
import type { Context } from '../context.ts';
import { keptQuery } from '../platform/database/kept.ts';
import type { SourceProofTable, SourceStateTable } from '../schema.ts';

export type On = Pick<Context, 'db'>;

/** Asked before every call; from what is committed. */
export const selectSwitch = keptQuery((db: Context['db'], source: string) =>
	db.selectFrom('sourceState').select('offSince').where('source', '=', source)
);

export const selectStates = ({ db }: On) =>
	db
		.selectFrom('sourceState')
		.select([
			'source',
			'offSince',
			'offBy',
			'offBecause',
			'failedAt',
			'failedAtWhat',
			'failure',
			'foreignAt',
			'foreignIn',
			'foreignRows'
		])
		.execute();

export const selectProofs = ({ db }: On) =>
	db.selectFrom('sourceProof').select(['source', 'ability', 'by', 'at']).execute();

/** The row is made where there is none; nothing else of it is touched. */
export async function upsertState(
	{ db }: On,
	source: string,
	to: Partial<Omit<SourceStateTable, 'source' | 'foreignRows'>>
): Promise<void> {
	await db
		.insertInto('sourceState')
		.values({ source, foreignRows: 0, ...to })
		.onConflict((conflict) => conflict.column('source').doUpdateSet(to))
		.execute();
}

export async function addForeign(
	{ db }: On,
	source: string,
	{ foreignAt, foreignIn, rows }: { foreignAt: string; foreignIn: string; rows: number }
): Promise<void> {
	await db
		.insertInto('sourceState')
		.values({ source, foreignAt, foreignIn, foreignRows: rows })
		.onConflict((conflict) =>
			conflict.column('source').doUpdateSet((of) => ({
				foreignAt,
				foreignIn,
				foreignRows: of('sourceState.foreignRows', '+', rows)
			}))
		)
		.execute();
}

export async function upsertProof({ db }: On, proof: SourceProofTable): Promise<void> {
	await db
		.insertInto('sourceProof')
		.values(proof)
		.onConflict((conflict) => conflict.columns(['source', 'ability', 'by']).doUpdateSet({ at: proof.at }))
		.execute();
}
