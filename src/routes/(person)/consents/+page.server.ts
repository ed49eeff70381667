import * as consents from '$lib/server/consents/consents';
import { decisions } from '../sharing/decide';
import { doneOf, standingCard, type Decidable } from '../sharing/standing';
import { shown, type ShownDecision } from './shown';

const pageSize = 20;

/** What stands, with the decision that it stands on. */
async function standing(
	locals: App.Locals,
	standings: ReadonlyMap<string, consents.Standing>
): Promise<{ decision: ShownDecision; choice: Decidable }[]> {
	const { ctx, person } = locals;
	const found: { decision: ShownDecision; choice: Decidable }[] = [];
	for (const [partner, one] of standings) {
		const choice = standingCard(locals, partner, one);
		const isStanding = one.state === 'granted' || one.state === 'outdated';
		const decision = isStanding && one.decision && (await consents.find(ctx, person.id, one.decision));
		if (decision && choice) found.push({ decision: await shown(locals, decision), choice });
	}
	return found;
}

export const load = async ({ locals, url }) => {
	const { ctx, person } = locals;
	const standings = await consents.stateOf(ctx, person);
	const before = url.searchParams.get('before')?.slice(0, 40) || undefined;
	const page = await consents.history(ctx, person.id, { before, limit: pageSize + 1 });
	const stands = new Set(
		[...standings.values()].filter(({ state }) => state !== 'withdrawn').map(({ decision }) => decision)
	);
	const rest = page.slice(0, pageSize).filter(({ id }) => !stands.has(id));
	return {
		standing: await standing(locals, standings),
		former: await Promise.all(rest.map((decision) => shown(locals, decision))),
		older: page.length > pageSize ? `?before=${page[pageSize - 1]?.id}#former` : undefined,
		newer: before ? '/consents#former' : undefined,
		keys: `${ctx.settings.origin}/.well-known/jwks.json`,
		done: doneOf(locals, url)
	};
};

export const actions = decisions(() => '/consents');
