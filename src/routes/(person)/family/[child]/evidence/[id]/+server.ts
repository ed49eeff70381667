import { evidenceAnswer } from '../../../evidence-answer';
import { wardOf } from '../../../ward';

/** A paper on the child's file, for its guardians and its school. */
export const GET = async ({ locals, params }) => {
	const { child } = await wardOf(locals, params.child);
	return evidenceAnswer(locals.ctx, child.id, params.id);
};
