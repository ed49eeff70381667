// Promise: whoever told their carrier to stop is written to no more, whether they are known here or not.
import type { Context } from '../context.ts';
import { addressRefused } from '../replies/replies.ts';
import type { Line } from './lines.ts';
import type { Outcome } from './outcome.ts';
import { blockShape, checkShape } from './shapes.ts';

async function putOne(ctx: Context, { line, value, problem }: Line): Promise<Outcome> {
	if (problem) return { line, refused: problem };
	const checked = checkShape(blockShape, value);
	if ('refused' in checked) return { line, ...checked };
	const { channel, address, at } = checked.input;
	const said = at === undefined ? undefined : new Date(at);
	if (said && said > ctx.clock.now()) return { line, refused: 'at-in-future', field: 'at' };
	const outcome = await addressRefused(ctx, { channel, to: address, because: 'carrier', at: said });
	if ('refused' in outcome)
		return {
			line,
			refused: outcome.refused,
			...(outcome.refused === 'address-invalid' && { field: 'address' })
		};
	return { line, done: outcome.changed ? 'added' : 'unchanged', person: '' };
}

/** One after the other: each is a transaction of its own. Whose address it is, is not answered. */
export async function putBlocks(ctx: Context, lines: readonly Line[]): Promise<Outcome[]> {
	const outcomes: Outcome[] = [];
	for (const line of lines) outcomes.push(await putOne(ctx, line));
	return outcomes;
}
