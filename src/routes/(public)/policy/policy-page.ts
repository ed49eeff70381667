// One version of the policy for its page, in the reader's language, with what a signed-in person may answer to it.
import { error } from '@sveltejs/kit';
import * as policies from '$lib/server/policies/policies';
import { affects } from './effects';

export async function policyPage(locals: App.Locals, version: string | undefined) {
	const { ctx, translation, visitor } = locals;
	const all = policies.standings(ctx);
	const shown = version
		? all.find((standing) => standing.version === version)
		: all.find(({ state }) => state === 'in-force');
	if (!shown) error(404, 'not-found');
	const { policy, state } = shown;
	const former = all[all.indexOf(shown) + 1]?.policy;
	const { html, language } = policies.render(policy, translation.tag, translation.t('common:leaves'));
	const toAnswer = visitor ? await policies.toAnswer(ctx, visitor) : undefined;
	if (visitor) await policies.answer(ctx, visitor.id, policy.version, 'seen', language);
	const given = visitor ? await policies.answerTo(ctx, visitor.id, policy.version) : undefined;
	return {
		version: policy.version,
		state,
		html,
		language,
		announced: policy.announced,
		effective: policy.effective,
		significant: policy.significant,
		invented: policy.invented === true,
		summary: translation.text(policy.summary),
		changes: policy.changes.map((change) => translation.text(change)),
		governingLaw: translation.text(ctx.organisation.policies.governingLaw),
		former: former?.version,
		// Of the first version everything is new: it changes nothing for anybody.
		affects: former && policy.introduces ? await affects(locals, [policy]) : undefined,
		asks: toAnswer === policy.version,
		given: given && given.answer !== 'seen' ? given : undefined,
		versions: all.map((standing) => ({
			version: standing.version,
			state: standing.state,
			announced: standing.policy.announced,
			effective: standing.policy.effective
		}))
	};
}
