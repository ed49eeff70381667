// Promise: staff see what each system outside can do, when it last did it and how it last failed; who may switches it off, with a reason.
import type { Context } from '../context.ts';
import { characterProblem } from '../organisation/field-value.ts';
import type { Category, OutsideSource } from '../organisation/organisation.ts';
import { categoryOf } from '../organisation/lookup.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { open, seal } from '../platform/keys/keys.ts';
import type { Ability } from '../platform/sources/source.ts';
import type { SourceProofTable, SourceStateTable } from '../schema.ts';
import { log, may, type Member } from '../staff/staff.ts';
import { selectProofs, selectStates, upsertProof, upsertState } from './queries.ts';

export const longestReason = 500;

export interface Standing {
	source: OutsideSource;
	categories: Category[];
	/** What it can be asked to do, and when it last did it. */
	abilities: { ability: Ability; can: boolean; proofs: Pick<SourceProofTable, 'by' | 'at'>[] }[];
	/** Left alone just now, in this process, because it failed too often. */
	resting: boolean;
	off?: { since: string; by: string; because: string };
	/** Who switched it off the last time, and why; it is on again. */
	wasOff?: { by: string; because: string };
	failed?: { at: string; what: string; failure: string };
	foreign?: { at: string; category: string; rows: number };
}

const place = (source: string) => ({ table: 'source_state', column: 'off_because', row: source });
const abilities: readonly Ability[] = ['read', 'edit', 'restrict', 'erase', 'plant'];

function offOf(
	ctx: Context,
	{ source, offSince, offBy, offBecause }: SourceStateTable
): Pick<Standing, 'off' | 'wasOff'> {
	if (!offBy || !offBecause) return {};
	const { because } = open<{ because: string }>(ctx.keys.portalKey, place(source), offBecause);
	return offSince ? { off: { since: offSince, by: offBy, because } } : { wasOff: { by: offBy, because } };
}

function standingOf(
	ctx: Context,
	source: OutsideSource,
	state: SourceStateTable | undefined,
	proofs: readonly SourceProofTable[]
): Standing {
	const opened = ctx.sources.get(source.id);
	return {
		source,
		categories: source.categories.flatMap(({ category }) => categoryOf(ctx.organisation, category) ?? []),
		abilities: abilities.map((ability) => ({
			ability,
			can: opened?.can.has(ability) ?? false,
			proofs: proofs
				.filter((one) => one.source === source.id && one.ability === ability)
				.map(({ by, at }) => ({ by, at }))
		})),
		resting: opened?.resting ?? false,
		...(state && offOf(ctx, state)),
		...(state?.failedAt && {
			failed: { at: state.failedAt, what: state.failedAtWhat ?? 'read', failure: state.failure ?? '' }
		}),
		...(state?.foreignAt && {
			foreign: { at: state.foreignAt, category: state.foreignIn ?? '', rows: state.foreignRows }
		})
	};
}

/** Every described source, in the description's order; refuses `not-permitted`. */
export async function standings(
	ctx: Context,
	member: Member
): Promise<Standing[] | { refused: 'not-permitted' }> {
	if (!may(member, 'sources')) return { refused: 'not-permitted' };
	const states = new Map((await selectStates(ctx)).map((state) => [state.source, state]));
	const proofs = await selectProofs(ctx);
	return ctx.organisation.sources.map((source) => standingOf(ctx, source, states.get(source.id), proofs));
}

type Switched =
	| { switched: true }
	| { problems: { reason: { code: string; values?: Record<string, number> } } }
	| { refused: 'not-permitted' | 'source-unknown' };

/**
 * From now on no process asks it for anything. `problems` for the reason, which is required and sealed. Refuses
 * `not-permitted`, `source-unknown`.
 */
export async function switchOff(
	ctx: Context,
	member: Member,
	{ source, reason }: { source: string; reason: string }
): Promise<Switched> {
	const characters = characterProblem(reason, true);
	if (!reason.trim()) return { problems: { reason: { code: 'required' } } };
	if (characters) return { problems: { reason: { code: characters } } };
	if (reason.length > longestReason)
		return { problems: { reason: { code: 'too-long', values: { max: longestReason } } } };
	const offBecause = seal(ctx.keys.portalKey, place(source), { because: reason });
	return change(ctx, member, source, {
		kind: 'source-off',
		to: { offSince: instant(ctx.clock.now()), offBy: member.id, offBecause }
	});
}

/** It is asked again, by every process; who switched it off, and why, stands there until the next time. Refuses `not-permitted`, `source-unknown`. */
export const switchOn = (ctx: Context, member: Member, source: string): Promise<Switched> =>
	change(ctx, member, source, { kind: 'source-on', to: { offSince: null } });

async function change(
	ctx: Context,
	member: Member,
	source: string,
	{ kind, to }: { kind: 'source-off' | 'source-on'; to: Parameters<typeof upsertState>[2] }
): Promise<Switched> {
	if (!may(member, 'sources')) return { refused: 'not-permitted' };
	if (!ctx.organisation.sources.some(({ id }) => id === source)) return { refused: 'source-unknown' };
	return transaction(ctx, async (ctx) => {
		await upsertState(ctx, source, to);
		await log(ctx, member.id, `${kind}:${source}`);
		return { switched: true };
	});
}

/** The canary saw with its own eyes that a source does what it is described to be able to. */
export const proved = (ctx: Context, source: string, ability: Ability): Promise<void> =>
	upsertProof(ctx, { source, ability, by: 'canary', at: instant(ctx.clock.now()) });
