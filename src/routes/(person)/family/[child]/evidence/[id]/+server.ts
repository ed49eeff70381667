import { error } from '@sveltejs/kit';
import * as families from '$lib/server/families/families';
import { evidenceAnswer } from '../../../evidence-answer';
import { wardOf } from '../../../ward';

/** A paper on the child's file, for its guardians; a school gets what it brought itself. */
export const GET = async ({ locals, params }) => {
	const { child, capacity } = await wardOf(locals, params.child);
	const schools = async () =>
		(await families.history(locals.ctx, child.id)).some(
			({ giver, evidence }) => giver === 'school' && evidence === params.id
		);
	if (capacity === 'school' && !(await schools()))
		error(404, { message: 'There is no such paper.', code: 'not-found' });
	return evidenceAnswer(locals.ctx, child.id, params.id);
};
