// A purpose is switched by a button of its own: `purpose` names it, `to` says `on` or `off`; or, where a browser's signal says
// otherwise, `keep` or `follow`.
import { readForm } from '$lib/forms/read-form';
import { z } from 'zod';
import type { Person } from '$lib/server/accounts/accounts';
import type { Context } from '$lib/server/context';
import * as objections from '$lib/server/objections/objections';
import * as signal from '$lib/server/objections/signal';

const wish = z.object({ purpose: z.string().max(60), to: z.enum(['on', 'off', 'keep', 'follow']) });

export async function choosePurpose(
	ctx: Context,
	person: Person,
	request: Request
): Promise<{ refused: string } | { done: 'on' | 'off' | 'keep' | 'follow' | 'same'; purpose: string }> {
	const form = await readForm(request, wish);
	if (form.problems) return { refused: 'purpose-unknown' };
	const { purpose, to } = form.values;
	const outcome =
		to === 'keep' || to === 'follow'
			? await signal.answer(ctx, person, { purpose, keep: to === 'keep' })
			: await objections.choose(ctx, person, { purpose, allowed: to === 'on' });
	if ('refused' in outcome) return outcome;
	return { done: outcome.changed ? to : 'same', purpose };
}
