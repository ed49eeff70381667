// The overview in the person's language: what is held, who received it, who may write, what is still open.
import { categoriesOf, purposeOf, recipientsOf, retentionOf } from '$lib/server/organisation/lookup';
import type { Category } from '$lib/server/organisation/organisation';
import * as disclosures from '$lib/server/disclosures/disclosures';
import * as preferences from '$lib/server/preferences/preferences';
import * as profile from '$lib/server/profile/profile';
import * as records from '$lib/server/records/records';
import * as requests from '$lib/server/requests/requests';

export interface HeldCategory {
	href: string;
	label: string;
	icon: Category['icon'];
	entries: number;
	purposes: string;
	recipients: number;
	kept: string;
}

function describe({ ctx, person, translation }: App.Locals, category: Category, entries: number): HeldCategory {
	const { organisation } = ctx;
	const { text, list } = translation;
	return {
		href: `/data/${category.id}`,
		label: text(category.label),
		icon: category.icon,
		entries,
		purposes: list(category.purposes.map((id) => text(purposeOf(organisation, id)?.label))),
		recipients: recipientsOf(organisation, category, person.role).length,
		kept: text(retentionOf(organisation, category.retention)?.label)
	};
}

/** How many values of each profile category are there. */
function valuesBy(categories: readonly Category[], fields: ReadonlySet<string>): Map<string, number> {
	const profiles = categories.filter(({ kind }) => kind === 'profile');
	return new Map(profiles.map((category) => [category.id, category.fields.filter(({ id }) => fields.has(id)).length]));
}

export async function overview(locals: App.Locals) {
	const { ctx, person } = locals;
	const categories = categoriesOf(ctx.organisation, person.role);
	const [counts, fields, received, grid, open] = await Promise.all([
		records.counts(ctx, person.id),
		profile.values(ctx, person),
		disclosures.summary(ctx, person.id),
		preferences.grid(ctx, person),
		requests.openCount(ctx, person.id)
	]);
	const values = valuesBy(categories, new Set(fields.keys()));
	const held = categories.map((category) => describe(locals, category, values.get(category.id) ?? counts.get(category.id) ?? 0));
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
