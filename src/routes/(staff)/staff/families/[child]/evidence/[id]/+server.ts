import { error } from '@sveltejs/kit';
import * as families from '$lib/server/families/families';
import { evidenceAnswer } from '../../../../../../(person)/family/evidence-answer';
import { staffOf } from '../../../../../../staff-cookie';

/** A paper on a child's file, for who decides; the child reads that it was opened. */
export const GET = async ({ locals, params }) => {
	const seen = await families.openEvidence(locals.ctx, staffOf(locals).member, params.child);
	if ('refused' in seen)
		error(seen.refused === 'not-permitted' ? 403 : 404, { message: seen.refused, code: seen.refused });
	return evidenceAnswer(locals.ctx, params.child, params.id);
};
