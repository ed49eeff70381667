import * as consents from '$lib/server/consents/consents';
import * as disclosures from '$lib/server/disclosures/disclosures';
import { directory } from '$lib/server/partners/partners';
import { cardOf } from '../../partner-card';
import { decisions } from './decide';
import { doneOf, standingCard } from './standing';
import { ledgerOf } from './ledger';
import { mapOf } from './map';
import { partnerName, purposeName } from './names';

export const load = async ({ locals, url }) => {
	const { ctx, person, translation } = locals;
	const [summary, flows, standings, ledger] = await Promise.all([
		disclosures.summary(ctx, person.id),
		disclosures.flows(ctx, person.id),
		consents.stateOf(ctx, person),
		ledgerOf(locals, url)
	]);
	const groups = directory(ctx.organisation, person.role);
	const received = new Map(summary.map((entry) => [entry.partner, entry]));
	const partners = new Set([
		...received.keys(),
		...standings.keys(),
		...groups.flatMap(({ recipients }) => recipients.map(({ partner }) => partner.id))
	]);
	const options = (ids: Iterable<string>, nameOf: (id: string) => string) =>
		[...ids].map((value) => ({ value, label: nameOf(value) }));
	return {
		map: mapOf(locals, flows),
		transfers: summary.reduce((sum, { disclosures }) => sum + disclosures, 0),
		recipients: summary.length,
		latest: summary[0]?.lastAt,
		asking: [...standings]
			.filter(([, { state }]) => state === 'outdated')
			.map(([id]) => ({ id, name: partnerName(locals, id) })),
		groups: groups.map(({ purpose, recipients }) => ({
			id: purpose.id,
			label: translation.text(purpose.label),
			about: translation.text(purpose.about),
			partners: recipients.map((recipient) => ({
				...cardOf(locals, recipient),
				received: received.get(recipient.partner.id),
				decided: url.searchParams.has('done') && url.searchParams.get('partner') === recipient.partner.id,
				decision: standingCard(locals, recipient.partner.id, standings.get(recipient.partner.id))
			}))
		})),
		ledger,
		partners: options(partners, (id) => partnerName(locals, id)),
		purposes: options(
			groups.map(({ purpose }) => purpose.id),
			(id) => purposeName(locals, id)
		),
		done: doneOf(locals, url)
	};
};

export const actions = decisions(() => '/sharing');
