// The overview in the person's language: what is held, who received it, who may write, what is still open.
import {
	categoriesOf,
	partnerOf,
	purposeOf,
	recipientsOf,
	retentionOf
} from '$lib/server/organisation/lookup';
import type { Category, Organisation } from '$lib/server/organisation/organisation';
import * as consents from '$lib/server/consents/consents';
import * as disclosures from '$lib/server/disclosures/disclosures';
import * as signal from '$lib/server/objections/signal';
import * as preferences from '$lib/server/preferences/preferences';
import * as requests from '$lib/server/requests/requests';
import { amountOf } from '../amount';
import { countCategories } from './data/categories';

/** What is the same of a category for everybody of a role who reads the language. */
interface Described {
	href: string;
	label: string;
	icon: Category['icon'];
	/** "For: showing your classes". */
	purposes: string;
	/** "Kept until you leave · 3 partners may get it". */
	kept: string;
}

export interface HeldCategory extends Described {
	/** How much there is, in words. */
	amount: string;
}

function describe({ ctx, person, translation }: App.Locals, category: Category): Described {
	const { organisation } = ctx;
	const { t, text, list, number } = translation;
	const recipients = recipientsOf(organisation, category, person.role).length;
	const purposes = list(category.purposes.map((id) => text(purposeOf(organisation, id)?.label)));
	const kept = t('overview:held.kept', { kept: text(retentionOf(organisation, category.retention)?.label) });
	return {
		href: `/data/${category.id}`,
		label: text(category.label),
		icon: category.icon,
		purposes: t('overview:held.purposes', { purposes }),
		kept: `${kept} · ${t('overview:held.recipients', { count: recipients, number: number(recipients) })}`
	};
}

const described = new WeakMap<Organisation, Map<string, Map<string, Described>>>();

/** The categories of the person's role by their id, described once a role and language. */
function descriptions(locals: App.Locals): ReadonlyMap<string, Described> {
	const { ctx, person, translation } = locals;
	let ofOrganisation = described.get(ctx.organisation);
	if (!ofOrganisation) described.set(ctx.organisation, (ofOrganisation = new Map()));
	const name = `${person.role} ${translation.tag}`;
	let known = ofOrganisation.get(name);
	if (!known) {
		const categories = categoriesOf(ctx.organisation, person.role);
		known = new Map(categories.map((category) => [category.id, describe(locals, category)]));
		ofOrganisation.set(name, known);
	}
	return known;
}

export async function overview(locals: App.Locals) {
	const { ctx, person, translation } = locals;
	const [counted, received, grid, open, asking, honoured] = await Promise.all([
		countCategories(locals),
		disclosures.summary(ctx, person.id),
		preferences.grid(ctx, person),
		requests.openCount(ctx, person.id),
		consents.askingAgain(ctx, person),
		signal.honoured(ctx, person.id)
	]);
	const known = descriptions(locals);
	const cells = grid.flatMap(({ cells }) => cells).filter(({ locked }) => !locked);
	return {
		held: counted.map(({ category, count }): HeldCategory => ({
			...(known.get(category.id) as Described),
			amount: amountOf(translation, category.kind, count)
		})),
		kinds: counted.filter(({ count }) => count !== 0).length,
		partners: received.length,
		lastReceived: received[0]?.lastAt,
		messages: { on: cells.filter(({ chosen }) => chosen).length, all: cells.length },
		open,
		/** Since when something is off because a browser of the person said so. */
		signalledOn: honoured[0]?.since,
		asking: asking.map((id) => ({ id, name: partnerOf(ctx.organisation, id)?.name ?? id }))
	};
}
