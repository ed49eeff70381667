import { error } from '@sveltejs/kit';
import * as families from '$lib/server/families/families';
import { evidenceAnswer } from '../../../evidence-answer';
import { wardOf } from '../../../ward';

/** A paper on the child's file, for its guardians; a school gets what it brought itself. */
export const GET = async ({ locals, params }) => {
	const ward = await wardOf(locals, params.child);
	const { child, capacity } = ward;
	const brought = async () =>
		(await families.history(locals.ctx, child.id)).some(
			(decision) => decision.evidence === params.id && families.isShown(ward, locals.person, decision)
		);
	if (capacity === 'school' && !(await brought()))
		error(404, { message: 'There is no such paper.', code: 'not-found' });
	return evidenceAnswer(locals.ctx, child.id, params.id);
};
