// Promise: one ledger for every way to opt out or in; what it says last counts, and opting out is never the harder way.
import type { Context } from '../context.ts';
import * as audit from '../audit/audit.ts';
import * as corrections from '../corrections/corrections.ts';
import * as objections from '../objections/objections.ts';
import { identifierField } from '../organisation/lookup.ts';
import type { Topic } from '../organisation/organisation.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { grid, gridFrom, keyOf, type GridRow } from './grid.ts';
import { answerOf, choiceOf, type Answer, type Contactable } from './contact.ts';
import { insertChange, selectAt, selectChanges, selectLatest, selectLatestOf, selectSet } from './queries.ts';

export { makeUnsubscribeUrl, readUnsubscribeToken, type WayOut } from './unsubscribe.ts';
export { grid, type Cell, type GridRow } from './grid.ts';
export { situationOf, type Answer, type Because, type Contactable } from './contact.ts';

/** By which way a change came. */
export type Origin = 'page' | 'footer-link' | 'import' | 'api' | 'undo';

export interface Change {
	channel: string;
	topic: string;
	allowed: boolean;
}

export interface HistoryEntry extends Change {
	id: string;
	origin: string;
	changeSet: string;
	at: string;
}

type Written = { changed: number; changeSet: string | null };

const undoHours = 1;

/**
 * Whether the person may be contacted by this way about this topic, why, and since when. Essential topics always may,
 * until the erasure begins; nothing else goes to somebody who paused, is leaving, or whose guardian has not agreed, to an
 * address that they contest, or for a purpose that they objected to or switched off.
 */
export async function mayContact(
	ctx: Context,
	person: Contactable,
	channel: string,
	topic: string
): Promise<Answer> {
	const choice = choiceOf(ctx, person.role, channel, topic);
	const answer = answerOf(person, choice, choice && (await selectLatestOf(ctx, person.id, channel, topic)));
	const because =
		choice && answer.allowed && !choice.essential
			? await objection(ctx, person.id, channel, choice)
			: undefined;
	return because ? { allowed: false, because, since: null } : answer;
}

const identifierOf: Record<string, 'email' | 'phone'> = { email: 'email', sms: 'phone', phone: 'phone' };

/** What speaks against it beside the switch of the message itself. */
async function objection(
	ctx: Context,
	personId: string,
	channel: string,
	{ purpose }: Topic
): Promise<'under-correction' | 'purpose-off' | undefined> {
	const kind = identifierOf[channel];
	const about = kind && identifierField(ctx.organisation, kind);
	const contested = about ? await corrections.restricted(ctx, personId) : undefined;
	if (about && contested?.has(`${about.category.id}.${about.field.id}`)) return 'under-correction';
	return purpose && (await objections.of(ctx, personId)).has(purpose) ? 'purpose-off' : undefined;
}

/** `past`: when it was decided, for what is written down later; its ids sort where it belongs. */
async function append(
	ctx: Context,
	personId: string,
	changes: readonly Change[],
	origin: Origin,
	past?: Date
): Promise<Written> {
	if (!changes.length) return { changed: 0, changeSet: null };
	const changeSet = ctx.ids.next();
	const at = instant(past ?? ctx.clock.now());
	for (const { channel, topic, allowed } of changes) {
		const id = past ? ctx.ids.at(past) : ctx.ids.next();
		await insertChange(ctx, {
			personId,
			id,
			channel,
			topic,
			allowed: allowed ? 1 : 0,
			origin,
			changeSet,
			at,
			words: null
		});
	}
	if (origin !== 'import')
		await audit.record(ctx, personId, `preferences-changed-${origin}`, { count: changes.length });
	return { changed: changes.length, changeSet };
}

/** The changes that differ from what holds; a click twice, or in two windows, is written once. */
function differing(rows: readonly GridRow[], changes: readonly Change[]): Change[] {
	const chosen = new Map(
		rows.flatMap(({ topic, cells }) =>
			cells.map((cell) => [keyOf({ channel: cell.channel, topic: topic.id }), cell.chosen])
		)
	);
	return changes.filter((change) => chosen.get(keyOf(change)) !== change.allowed);
}

/** What an import brings a second time is there already. */
async function unwritten(
	ctx: Context,
	personId: string,
	changes: readonly Change[],
	at: Date
): Promise<Change[]> {
	const written = new Set((await selectAt(ctx, personId, instant(at))).map(keyOf));
	return changes.filter((change) => !written.has(keyOf(change)));
}

/**
 * Writes what the person decided, as one change set; what holds already is not written again (GDPR Art. 21(2)(3):
 * an objection to marketing counts at once). `at` is for imports: decisions of before, which override nothing newer.
 * Refuses `no-such-choice`, and `essential-topic` for turning off what can't be.
 */
export async function set(
	ctx: Context,
	person: Pick<Contactable, 'id' | 'role'>,
	changes: readonly Change[],
	{ origin, at }: { origin: Origin; at?: Date }
): Promise<Written | { refused: 'no-such-choice' | 'essential-topic' }> {
	for (const { channel, topic, allowed } of changes) {
		const choice = choiceOf(ctx, person.role, channel, topic);
		if (!choice) return { refused: 'no-such-choice' };
		if (choice.essential && !allowed) return { refused: 'essential-topic' };
	}
	return transaction(ctx, async (ctx) => {
		await audit.holdPerson(ctx, person.id);
		// History is written as it was: whether it differs from today says nothing, only whether it stands there already.
		const fresh = at
			? await unwritten(ctx, person.id, changes, at)
			: differing(await grid(ctx, person), changes);
		return append(ctx, person.id, fresh, origin, at);
	});
}

/** Turns off everything that is marketing, by every way, as one change set. */
export async function stopAllMarketing(
	ctx: Context,
	person: Pick<Contactable, 'id' | 'role'>,
	origin: Origin
): Promise<Written> {
	return transaction(ctx, async (ctx) => {
		await audit.holdPerson(ctx, person.id);
		const rows = (await grid(ctx, person)).filter(({ topic }) => topic.marketing);
		const off = rows.flatMap(({ topic, cells }) =>
			cells.map(({ channel }) => ({ channel, topic: topic.id, allowed: false }))
		);
		return append(ctx, person.id, differing(rows, off), origin);
	});
}

/** Whether the newest change of a person can be taken back: for an hour, unless it was itself an undo or an import. */
export function undoableOf(
	ctx: Context,
	last: Pick<HistoryEntry, 'origin' | 'at' | 'changeSet'> | undefined
): string | undefined {
	if (!last || last.origin === 'undo' || last.origin === 'import') return undefined;
	return last.at > instant(after(ctx.clock.now(), -undoHours, 'hours')) ? last.changeSet : undefined;
}

/** The change set that can be taken back. */
export const undoable = async (ctx: Context, personId: string): Promise<string | undefined> =>
	undoableOf(ctx, (await selectChanges(ctx, personId, undefined, 1))[0]);

/** Takes a change set back: each of its choices is again what it was before. Refuses `too-late-to-undo`. */
export async function undo(
	ctx: Context,
	person: Pick<Contactable, 'id' | 'role'>,
	changeSet: string
): Promise<Written | { refused: 'too-late-to-undo' }> {
	return transaction(ctx, async (ctx) => {
		await audit.holdPerson(ctx, person.id);
		if ((await undoable(ctx, person.id)) !== changeSet) return { refused: 'too-late-to-undo' as const };
		const before = gridFrom(ctx, person.role, await selectLatest(ctx, person.id, changeSet));
		const changed = new Map((await selectSet(ctx, person.id, changeSet)).map((row) => [keyOf(row), row]));
		const back = before.flatMap(({ topic, cells }) =>
			cells
				.filter(({ channel, locked }) => !locked && changed.has(keyOf({ channel, topic: topic.id })))
				.map(({ channel, chosen }) => ({ channel, topic: topic.id, allowed: chosen }))
		);
		return append(ctx, person.id, back, 'undo');
	});
}

/** Every change, newest first, a page at a time; `before` is the id of the last one seen. */
export async function history(
	ctx: Context,
	personId: string,
	before: string | undefined,
	limit: number
): Promise<HistoryEntry[]> {
	const rows = await selectChanges(ctx, personId, before, limit);
	return rows.map((row) => ({ ...row, allowed: row.allowed === 1 }));
}
