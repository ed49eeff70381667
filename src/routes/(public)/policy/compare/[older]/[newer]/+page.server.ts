import { error } from '@sveltejs/kit';
import * as policies from '$lib/server/policies/policies';
import { affects } from '../../../effects';
import { sectionsOf } from './sections';

export const load = async ({ locals, params }) => {
	const { ctx, translation } = locals;
	const all = policies.standings(ctx);
	const standing = (version: string) => all.find((known) => known.version === version);
	const [older, newer] = [standing(params.older), standing(params.newer)];
	if (!older || !newer) error(404, 'not-found');
	const [first, last] = [older.policy.effective, newer.policy.effective].sort() as [string, string];
	const between = all
		.map(({ policy }) => policy)
		.filter(({ effective }) => effective > first && effective <= last);
	const { language, blocks, changes } = policies.compare(older.policy, newer.policy, translation.tag);
	return {
		older: { version: older.version, effective: older.policy.effective },
		newer: { version: newer.version, effective: newer.policy.effective },
		language,
		changes,
		sections: sectionsOf(blocks),
		summaries: between.map(({ version, summary }) => ({ version, summary: translation.text(summary) })),
		affects: await affects(locals, between),
		versions: all.map(({ version, policy: { effective } }) => ({ version, effective }))
	};
};
