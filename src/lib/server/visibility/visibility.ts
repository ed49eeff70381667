// Promise: others see of somebody's profile what the person lets them see, and nothing of it that is contested.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as corrections from '../corrections/corrections.ts';
import type { FieldValue, ValueProblem } from '../organisation/field-value.ts';
import type { Category, Field } from '../organisation/organisation.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import * as profile from '../profile/profile.ts';
import type { FieldVisibilityTable, PersonState } from '../schema.ts';
import { selectVisibilities, upsertVisibility } from './queries.ts';

export type Viewers = FieldVisibilityTable['viewers'];

/** From whom most to whom least is shown. `members`: who shares a class or a friendship with the person. */
export const allViewers: readonly Viewers[] = ['everyone', 'members', 'nobody'];

/** As whom a profile is looked at; `owner` sees all of it. */
export const viewers = ['everyone', 'members', 'owner'] as const;
export type Viewer = (typeof viewers)[number];

/** As much of a person as showing them takes. */
interface Owner {
	id: string;
	role: string;
	state: PersonState;
	pausedAt: string | null;
}

export interface FieldVisibility {
	category: Category;
	field: Field;
	viewers: Viewers;
	/** What the person may choose among; one alone is fixed. */
	choices: readonly Viewers[];
}

const choicesOf = ({ visibilityChoices }: Field): readonly Viewers[] =>
	visibilityChoices ? allViewers.filter((one) => visibilityChoices.includes(one)) : allViewers;

/**
 * Who may see each field of the profile, by its code `category.field`: what the person chose, else what the description says.
 * A choice that the description no longer offers does not count.
 */
export async function of(
	ctx: Context,
	{ id, role }: { id: string; role: string }
): Promise<Map<string, FieldVisibility>> {
	const chosen = new Map((await selectVisibilities(ctx, id)).map(({ field, viewers }) => [field, viewers]));
	const fields = [...profile.profileFields(ctx, role).values()];
	return new Map(
		fields.map(({ category, field }) => {
			const code = `${category.id}.${field.id}`;
			const choices = choicesOf(field);
			const choice = chosen.get(code);
			const counts = choice !== undefined && choices.includes(choice);
			return [code, { category, field, choices, viewers: counts ? choice : field.visibility }];
		})
	);
}

/**
 * The person decides who may see their fields; what is as it was is left alone. `problems` by code: `unknown`, and `wrong` for
 * what the description does not offer. Refuses `person-leaving`.
 */
export async function choose(
	ctx: Context,
	person: { id: string; role: string },
	chosen: Readonly<Record<string, string>>
): Promise<
	{ changed: string[] } | { problems: Record<string, ValueProblem> } | { refused: 'person-leaving' }
> {
	const fields = await of(ctx, person);
	const problems: Record<string, ValueProblem> = {};
	const changes: [string, Viewers][] = [];
	for (const [code, choice] of Object.entries(chosen)) {
		const field = fields.get(code);
		const offered = field?.choices.find((one) => one === choice);
		if (!field) problems[code] = { code: 'unknown' };
		else if (!offered) problems[code] = { code: 'wrong' };
		else if (offered !== field.viewers) changes.push([code, offered]);
	}
	if (Object.keys(problems).length > 0) return { problems };
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return { refused: 'person-leaving' as const };
		const changedAt = instant(ctx.clock.now());
		for (const [field, viewers] of changes) {
			await upsertVisibility(ctx, { personId: person.id, field, viewers, changedAt });
			await audit.record(ctx, person.id, `visibility-${viewers}`, { field });
		}
		return { changed: changes.map(([field]) => field) };
	});
}

export interface ShownField {
	code: string;
	category: Category;
	field: Field;
	/** Missing for one that is restricted. */
	value?: FieldValue;
	/** Under correction: others do not see the value. */
	restricted: boolean;
}

const sees = (viewer: Viewer, viewers: Viewers): boolean =>
	viewer === 'owner' || viewers === 'everyone' || (viewers === 'members' && viewer === 'members');

/** Whether others see anything of somebody: not of whoever leaves, asked that their data rest, or still waits for consent. */
export const isShown = ({ state, pausedAt }: Owner): boolean => state === 'active' && pausedAt === null;

/** The profile as a viewer sees it: fields with a value, and those of which they learn only that they are contested. */
export async function seenBy(ctx: Context, person: Owner, viewer: Viewer): Promise<ShownField[]> {
	if (viewer !== 'owner' && !isShown(person)) return [];
	const held = await profile.values(ctx, person);
	const contested = await corrections.restricted(ctx, person.id);
	const fields = [...(await of(ctx, person))].filter(
		([, { field, viewers }]) => held.has(field.id) && sees(viewer, viewers)
	);
	return fields.map(([code, { category, field }]) => {
		const restricted = contested.has(code);
		const isHidden = restricted && viewer !== 'owner';
		const value = held.get(field.id)?.value;
		return { code, category, field, restricted, ...(!isHidden && value !== undefined && { value }) };
	});
}
