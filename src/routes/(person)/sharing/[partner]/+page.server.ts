import { error } from '@sveltejs/kit';
import * as consents from '$lib/server/consents/consents';
import * as disclosures from '$lib/server/disclosures/disclosures';
import { purposeOf } from '$lib/server/organisation/lookup';
import { recipientOf } from '$lib/server/partners/partners';
import { cardOf } from '../../../partner-card';
import { shown } from '../../consents/shown';
import { decisions } from '../decide';
import { ledgerOf } from '../ledger';
import { categoryName, fieldName, partnerName } from '../names';
import { doneOf, standingCard } from '../standing';

const shownDecisions = 50;

export const load = async ({ locals, params, url }) => {
	const { ctx, person, translation } = locals;
	const { partner: id } = params;
	const recipient = recipientOf(ctx.organisation, id, person.role);
	const [summary, received, standings, history, ledger] = await Promise.all([
		disclosures.summary(ctx, person.id),
		disclosures.received(ctx, person.id, id),
		consents.stateOf(ctx, person),
		consents.history(ctx, person.id, { partner: id, limit: shownDecisions }),
		ledgerOf(locals, url, { partner: id })
	]);
	// A partner that the description has dropped is still there for whom it received something of.
	if (!recipient && !received.length && !standings.has(id))
		error(404, { message: 'There is no such partner.', code: 'not-found' });

	const flows = new Map(received.map((flow) => [`${flow.category}.${flow.field}`, flow]));
	const codes = [
		...new Set([
			...(recipient?.given.flatMap(({ category, fields }) =>
				fields.map((field) => `${category.id}.${field.id}`)
			) ?? []),
			...flows.keys()
		])
	];
	const shownHistory = await Promise.all(history.map((decision) => shown(locals, decision)));
	return {
		name: partnerName(locals, id),
		card: recipient && cardOf(locals, recipient),
		purpose: translation.text(purposeOf(ctx.organisation, recipient?.partner.purpose ?? '')?.label),
		total: summary.find(({ partner }) => partner === id),
		decision: standingCard(locals, id, standings.get(id)),
		history: shownHistory,
		/** Of what was taken back, and stands so. */
		effect: standings.get(id)?.state === 'withdrawn' ? shownHistory[0]?.effect : undefined,
		fields: codes.map((code) => {
			const [category = '', field = ''] = code.split('.');
			const flow = flows.get(code);
			const dropped = !recipient?.fields.includes(code);
			return {
				category: categoryName(locals, category),
				field: fieldName(locals, category, field),
				times: flow?.disclosures ?? 0,
				lastAt: flow?.lastAt,
				dropped
			};
		}),
		ledger,
		done: doneOf(locals, url)
	};
};

export const actions = decisions((partner) => `/sharing/${encodeURIComponent(partner)}`);
