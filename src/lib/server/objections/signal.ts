// Promise: what a browser's signal says is written once and shown, its absence undoes nothing, and no choice of the person's own
// is overridden without asking them.
import type { Person } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import type { Organisation } from '../organisation/organisation.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { choose } from './objections.ts';
import { agreedSince } from './purposes.ts';
import { selectKept, selectNewest, upsertKept, type ChoiceRow } from './queries.ts';

/** What the person wants themselves, although their browser says otherwise. */
export interface Conflict {
	purpose: string;
	/** The id of their choice, or the instant of their agreement to a partner. */
	choice: string;
	/** The instant of either. */
	since: string;
}

const meant = new WeakMap<Organisation, readonly string[]>();

/**
 * The purposes that Global Privacy Control turns off (California Civil Code § 1798.120, .140; 11 CCR 7025): those of cookies
 * that are not needed, of partners who advertise, and what the description calls sold.
 */
export function purposesOf(organisation: Organisation): readonly string[] {
	const known = meant.get(organisation);
	if (known) return known;
	const { purposes, cookies, partners } = organisation;
	const served = new Set([
		...cookies.filter(({ necessary }) => !necessary).map(({ purpose }) => purpose),
		...partners.filter(({ kind }) => kind === 'advertising').map(({ purpose }) => purpose)
	]);
	const found = purposes.filter(({ id, sold, refusable }) => refusable && (sold || served.has(id)));
	const ids = found.map(({ id }) => id);
	meant.set(organisation, ids);
	return ids;
}

/** What is on of the purposes that the signal means, and which of them nothing was ever said about. */
async function standing(ctx: Context, person: Person): Promise<{ on: Conflict[]; unsaid: string[] }> {
	const newest = new Map((await selectNewest(ctx, person.id)).map((row) => [row.purpose, row]));
	const wanted = purposesOf(ctx.organisation);
	const unchosen = wanted.filter((purpose) => !newest.has(purpose));
	const agreed = unchosen.length ? await agreedSince(ctx, person) : new Map<string, string>();
	const on = wanted.flatMap((purpose): Conflict[] => {
		const choice: ChoiceRow | undefined = newest.get(purpose);
		if (choice) return choice.allowed ? [{ purpose, choice: choice.id, since: choice.at }] : [];
		const since = agreed.get(purpose);
		return since ? [{ purpose, choice: since, since }] : [];
	});
	return { on, unsaid: unchosen.filter((purpose) => !agreed.has(purpose)) };
}

/**
 * Hears the signal of a signed-in request: writes the opt-out of every purpose that it means and that the person has said
 * nothing about. Answers what they allowed themselves and were not asked about yet; that stays on until they answer
 * (11 CCR 7025(c)(3)). Where nothing is to be written it costs one look-up.
 */
export async function honour(ctx: Context, person: Person): Promise<Conflict[]> {
	const { on, unsaid } = await standing(ctx, person);
	if (unsaid.length)
		await transaction(ctx, async (ctx) => {
			if (!(await audit.holdPerson(ctx, person.id))) return;
			// Looked at again behind the lock: what they have just allowed in another tab is theirs.
			for (const purpose of (await standing(ctx, person)).unsaid)
				await choose(ctx, person, { purpose, allowed: false, origin: 'gpc' });
		});
	// Whoever is leaving, or waits for a guardian, is not bothered: nothing that could be refused is done with their data.
	if (!on.length || person.state !== 'active') return [];
	const kept = new Map((await selectKept(ctx, person.id)).map(({ purpose, choice }) => [purpose, choice]));
	return on.filter(({ purpose, choice }) => kept.get(purpose) !== choice);
}

/**
 * Turns off all that the signal means, asked for by somebody who acts for the person: it needs no proof (11 CCR 7026(d)), and is
 * meant of what they allowed themselves too. For the caller's transaction. Of somebody whose erasure has begun nothing is done any
 * more anyhow.
 */
export async function optOutByAgent(ctx: Context, person: Person): Promise<void> {
	for (const purpose of purposesOf(ctx.organisation))
		await choose(ctx, person, { purpose, allowed: false, origin: 'agent' });
}

/**
 * The answer of a person who was asked about one purpose: `follow` turns it off as the signal says, `keep` leaves on what they
 * chose, and they are not asked again about that choice; where nothing of it is on, nothing changes. Refuses `purpose-unknown` for
 * what no signal means, and `person-leaving`.
 */
export async function answer(
	ctx: Context,
	person: Person,
	{ purpose, keep }: { purpose: string; keep: boolean }
): Promise<{ changed: boolean } | { refused: 'purpose-unknown' | 'person-leaving' }> {
	if (!purposesOf(ctx.organisation).includes(purpose)) return { refused: 'purpose-unknown' };
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return { refused: 'person-leaving' as const };
		const conflict = (await standing(ctx, person)).on.find((one) => one.purpose === purpose);
		if (!conflict) return { changed: false };
		if (!keep) {
			await choose(ctx, person, { purpose, allowed: false, origin: 'gpc' });
			return { changed: true };
		}
		const { choice } = conflict;
		await upsertKept(ctx, { personId: person.id, purpose, choice, at: instant(ctx.clock.now()) });
		await audit.record(ctx, person.id, 'signal-kept', { purpose });
		return { changed: true };
	});
}

/** The purposes that are off because of the signal, with the instant, the first one first: shown as honoured (11 CCR 7025(c)(6)). */
export const honoured = async (
	ctx: Context,
	personId: string
): Promise<{ purpose: string; since: string }[]> =>
	(await selectNewest(ctx, personId))
		.filter(({ allowed, origin }) => !allowed && origin === 'gpc')
		.map(({ purpose, at }) => ({ purpose, since: at }))
		.sort((a, b) => (a.since < b.since ? -1 : 1));
