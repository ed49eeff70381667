// Promise: what is done outside the portal, by hand or by a command, stands here with its day; what is overdue says so.
import type { Context } from '../context.ts';
import type { Control } from '../organisation/organisation.ts';
import { characterProblem } from '../organisation/field-value.ts';
import { after, dayOf, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { open, seal } from '../platform/keys/keys.ts';
import { log, may, type Member } from '../staff/staff.ts';
import { insertDone, selectDone, selectLastDone } from './queries.ts';

export const longestNote = 500;

/** How one control stands; `doneOn` is the last day on which it was done. */
export interface Standing {
	control: Control;
	doneOn?: string;
	/** The day by which it is to be done again. */
	dueOn?: string;
	/** Never done, or longer ago than `everyDays`. */
	isOverdue: boolean;
}

export interface Done {
	id: string;
	/** A day, `YYYY-MM-DD`. */
	doneOn: string;
	/** The staff member's id, or `command`. */
	by: string;
	note: string;
}

const place = (id: string) => ({ table: 'control_done', column: 'sealed', row: id });

function standingOf(ctx: Context, control: Control, doneOn: string | undefined): Standing {
	if (control.everyDays === undefined) return { control, ...(doneOn && { doneOn }), isOverdue: false };
	if (!doneOn) return { control, isOverdue: true };
	const dueOn = dayOf(after(new Date(doneOn), control.everyDays, 'days'));
	return { control, doneOn, dueOn, isOverdue: dueOn < dayOf(ctx.clock.now()) };
}

/** Every control of the description, in its order, and when it was last done. */
export async function standings(ctx: Context): Promise<Standing[]> {
	const last = new Map((await selectLastDone(ctx)).map(({ control, doneOn }) => [control, doneOn]));
	return ctx.organisation.controls.map((control) => standingOf(ctx, control, last.get(control.id)));
}

async function write(ctx: Context, control: string, { doneOn, by, note }: Omit<Done, 'id'>): Promise<void> {
	const id = ctx.ids.next();
	const sealed = seal(ctx.keys.portalKey, place(id), { note });
	await insertDone(ctx, { id, control, doneOn, by, sealed, recordedAt: instant(ctx.clock.now()) });
}

/** What a command has just done, for every control of the description that it fulfils. */
export async function done(ctx: Context, by: 'backup' | 'keys-backup' | 'canary'): Promise<void> {
	const doneOn = dayOf(ctx.clock.now());
	for (const control of ctx.organisation.controls)
		if (control.by === by) await write(ctx, control.id, { doneOn, by: 'command', note: '' });
}

/**
 * A staff member writes down what was done by hand, such as paper that was shredded or a copy made with a database's own
 * tool: on which day, and in a few words how. Refuses `not-permitted`, `control-unknown`, `day-wrong` for a day to come or
 * one that is none, `note-wrong` for none, a too long one, or control characters.
 */
export async function record(
	ctx: Context,
	member: Member,
	{ control: id, doneOn, note }: { control: string; doneOn: string; note: string }
): Promise<
	{ recorded: true } | { refused: 'not-permitted' | 'control-unknown' | 'day-wrong' | 'note-wrong' }
> {
	if (!may(member, 'controls')) return { refused: 'not-permitted' };
	const control = ctx.organisation.controls.find((one) => one.id === id);
	if (!control) return { refused: 'control-unknown' };
	const isDay = /^\d{4}-\d\d-\d\d$/.test(doneOn) && !Number.isNaN(Date.parse(doneOn));
	if (!isDay || doneOn > dayOf(ctx.clock.now())) return { refused: 'day-wrong' };
	const text = note.trim();
	if (!text || text.length > longestNote || characterProblem(text, true)) return { refused: 'note-wrong' };
	await transaction(ctx, async (ctx) => {
		await write(ctx, control.id, { doneOn, by: member.id, note: text });
		await log(ctx, member.id, 'control-recorded');
	});
	return { recorded: true };
}

/** When a control was done, newest first; `before` is the id of the last one seen. Refuses `not-permitted`. */
export async function history(
	ctx: Context,
	member: Member,
	{ control, before, limit }: { control: string; before?: string | undefined; limit: number }
): Promise<Done[] | { refused: 'not-permitted' }> {
	if (!may(member, 'controls')) return { refused: 'not-permitted' };
	return (await selectDone(ctx, control, before, limit)).map(({ sealed, ...row }) => ({
		...row,
		note: open<{ note: string }>(ctx.keys.portalKey, place(row.id), sealed).note
	}));
}
