// What happened in a correction: what the person says, what was decided and why, sealed under the person's key.
import * as audit from '../audit/audit.ts';
import * as contactChanges from '../contact-changes/contact-changes.ts';
import * as delivery from '../delivery/delivery.ts';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { open, seal } from '../platform/keys/keys.ts';
import type { CorrectionStepTable } from '../schema.ts';
import { insertStep, selectSteps } from './queries.ts';

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

const stepPlace = (id: string) => ({ table: 'correction_step', column: 'sealed', row: id });

/** In their order. */
export async function stepsOf(ctx: Context, personId: string, correctionId: string): Promise<Step[]> {
	const key = await ctx.keys.of(personId);
	return (await selectSteps(ctx, personId, correctionId)).map(({ sealed, ...step }) => ({
		...step,
		...open<StepWords>(key, stepPlace(step.id), sealed)
	}));
}

/** Writes the next step down, with an event that names the field and nothing of what was said. */
export async function addStep(
	ctx: Context,
	personId: string,
	{ id: correctionId, field }: { id: string; field: string },
	{ kind, ...words }: StepWords & Pick<Step, 'kind'>
): Promise<void> {
	const id = ctx.ids.next();
	await insertStep(ctx, {
		personId,
		correctionId,
		id,
		kind,
		actor: ctx.actor,
		at: instant(ctx.clock.now()),
		sealed: seal(await ctx.keys.of(personId), stepPlace(id), words)
	});
	await audit.record(ctx, personId, `correction-${kind}`, { field, correction: correctionId });
	await contactChanges.note(ctx, personId);
	if (kind === 'ended') return;
	const isOpen = kind === 'opened' || kind === 'again';
	await delivery.tellListeners(ctx, personId, isOpen ? 'correction.opened' : 'correction.decided', {
		field,
		correction: correctionId,
		...(!isOpen && { decision: kind })
	});
}
