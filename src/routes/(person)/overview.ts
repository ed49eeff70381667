// The overview in the person's language: what is held, who received it, who may write, what is still open.
import { purposeOf, recipientsOf, retentionOf } from '$lib/server/organisation/lookup';
import type { Category } from '$lib/server/organisation/organisation';
import * as disclosures from '$lib/server/disclosures/disclosures';
import * as preferences from '$lib/server/preferences/preferences';
import * as requests from '$lib/server/requests/requests';
import { amountOf } from '../amount';
import { countCategories } from './data/categories';

export interface HeldCategory {
	href: string;
	label: string;
	icon: Category['icon'];
	entries: number;
	/** The same in words. */
	amount: string;
	purposes: string;
	recipients: number;
	kept: string;
}

function describe(
	{ ctx, person, translation }: App.Locals,
	category: Category,
	entries: number
): HeldCategory {
	const { organisation } = ctx;
	const { text, list } = translation;
	return {
		href: `/data/${category.id}`,
		label: text(category.label),
		icon: category.icon,
		entries,
		amount: amountOf(translation, category.kind, entries),
		purposes: list(category.purposes.map((id) => text(purposeOf(organisation, id)?.label))),
		recipients: recipientsOf(organisation, category, person.role).length,
		kept: text(retentionOf(organisation, category.retention)?.label)
	};
}

export async function overview(locals: App.Locals) {
	const { ctx, person } = locals;
	const [counted, received, grid, open] = await Promise.all([
		countCategories(locals),
		disclosures.summary(ctx, person.id),
		preferences.grid(ctx, person),
		requests.openCount(ctx, person.id)
	]);
	const held = counted.map(({ category, count }) => describe(locals, category, count));
	const cells = grid.flatMap(({ cells }) => cells).filter(({ locked }) => !locked);
	return {
		held,
		kinds: held.filter(({ entries }) => entries > 0).length,
		partners: received.length,
		lastReceived: received[0]?.lastAt,
		messages: { on: cells.filter(({ chosen }) => chosen).length, all: cells.length },
		open
	};
}
