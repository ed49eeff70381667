// What happened in a correction: what the person says, what was decided and why, sealed under the person's key.
import type { Context } from '../context.ts';
import { open } from '../platform/keys/keys.ts';
import type { CorrectionStepTable } from '../schema.ts';
import { selectSteps } from './queries.ts';

/** What a step says; `value` is what was written in place of what was there `before`. */
export interface StepWords {
	wrong?: string;
	right?: string;
	before?: string;
	value?: string;
	reason?: string;
}

export interface Step extends StepWords {
	id: string;
	kind: CorrectionStepTable['kind'];
	actor: string;
	at: string;
}

export const stepPlace = (id: string) => ({ table: 'correction_step', column: 'sealed', row: id });

/** In their order. */
export async function stepsOf(ctx: Context, personId: string, correctionId: string): Promise<Step[]> {
	const key = await ctx.keys.of(personId);
	return (await selectSteps(ctx, personId, correctionId)).map(({ sealed, ...step }) => ({
		...step,
		...open<StepWords>(key, stepPlace(step.id), sealed)
	}));
}
