// Promise: nobody is advertised to for ever for one yes: they are asked again in time, once, and hear what their silence means.
import { find, type Person } from '../../accounts/people.ts';
import * as audit from '../../audit/audit.ts';
import type { Context } from '../../context.ts';
import * as delivery from '../../delivery/delivery.ts';
import { after, dayOf, instant, localDay } from '../../platform/clock.ts';
import { markAs, markOf } from '../../platform/database/mark.ts';
import { transaction } from '../../platform/database/transaction.ts';
import type { WorkKind } from '../../platform/work/work.ts';
import { append } from '../ledger.ts';
import { eachDue } from './each.ts';
import { yesLines } from './lines.ts';
import { deleteWatched, selectWatched, selectWhoSaidYes, updateWatched, upsertWatched } from './queries.ts';
import { askingAt, covers, type Rule } from './watching.ts';
import { askedAbout, earliest, runsOutAt, yesesOf, type Yes } from './yeses.ts';

const catchUpBatch = 500;
const mark = 'reconfirmation-watches';

/** Until when somebody may answer who was asked at that instant: never less than the notice, however late it was written. */
export function answerUntil(rule: Rule, asked: readonly Yes[], askedAt: string): string {
	const noticed = instant(after(new Date(askedAt), rule.noticeDays, 'days'));
	const out = runsOutAt(rule, asked);
	return out > noticed ? out : noticed;
}

async function ask(ctx: Context, person: Person, rule: Rule, yeses: readonly Yes[]): Promise<string> {
	const now = ctx.clock.now();
	const until = answerUntil(rule, yeses, instant(now));
	await audit.record(ctx, person.id, 'reconfirmation-asked', { count: yeses.length });
	await delivery.send(ctx, person.id, {
		template: rule.silence === 'stops' ? 'reconfirm-or-stops' : 'reconfirm-or-stays',
		values: {
			choices: yesLines(ctx, person, yeses),
			because: rule.because[person.language] ?? '',
			untilOn: localDay(new Date(until), person.timeZone)
		},
		key: `reconfirmation ${dayOf(now)}`
	});
	return until;
}

/** The time to answer is over. */
async function settle(ctx: Context, personId: string, rule: Rule, asked: readonly Yes[]): Promise<void> {
	const count = asked.length;
	if (rule.silence === 'stays') return audit.record(ctx, personId, 'reconfirmation-unanswered', { count });
	const off = asked.map(({ channel, topic }) => ({ channel, topic, allowed: false }));
	await append(ctx, personId, off, { origin: 'unconfirmed' });
}

type Next = Parameters<typeof updateWatched>[2];

/** What becomes of somebody now; answers when to look again. */
async function step(
	ctx: Context,
	person: Person,
	rule: Rule,
	yeses: readonly Yes[],
	{ askedAt, settledAt }: { askedAt: string | null; settledAt: string | null }
): Promise<Next> {
	const now = instant(ctx.clock.now());
	const counting = yeses.filter(({ counts }) => counts);
	if (!rule.countries.includes(person.country) || !counting.length) {
		const later = instant(after(ctx.clock.now(), rule.noticeDays, 'days'));
		return { askedAt: null, settledAt, nextAttemptAt: later };
	}
	const asked = askedAt ? askedAbout(rule, counting, askedAt) : [];
	if (askedAt && asked.length) {
		const until = answerUntil(rule, asked, askedAt);
		if (now < until) return { askedAt, settledAt, nextAttemptAt: until };
		await settle(ctx, person.id, rule, asked);
		return { askedAt: null, settledAt: rule.silence === 'stays' ? askedAt : settledAt, nextAttemptAt: now };
	}
	const due = askedAbout(rule, counting, now);
	if (due.length) return { askedAt: now, settledAt, nextAttemptAt: await ask(ctx, person, rule, due) };
	const next = askingAt(rule, earliest(counting.map(({ from }) => from)));
	return { askedAt: null, settledAt, nextAttemptAt: next };
}

const lookAt = (ctx: Context, rule: Rule, personId: string): Promise<void> =>
	transaction(ctx, async (ctx) => {
		// Whose erasure has begun is asked nothing, and the row goes with them.
		if (!(await audit.holdPerson(ctx, personId))) return;
		const person = await find(ctx, personId);
		const row = await selectWatched(ctx, personId);
		if (!person || !row) return;
		const yeses = await yesesOf(ctx, person, rule, row.settledAt);
		if (yeses.length) await updateWatched(ctx, personId, await step(ctx, person, rule, yeses, row));
		else await deleteWatched(ctx, personId);
	});

interface Progress {
	/** For which rule people were found; another one may be due earlier, or about more. */
	rule: string;
	/** The last person; null once everybody was found. */
	behind: string | null;
}

async function progressOf(ctx: Context, rule: string): Promise<Progress> {
	const kept = await markOf(ctx.db as never, mark);
	const known = kept ? (JSON.parse(kept) as Progress) : undefined;
	return known?.rule === rule ? known : { rule, behind: '' };
}

/**
 * Where the rule is newer than the yeses, each of them is found once, some people at a time; the first look at each says when the
 * next one is. Answers how many.
 */
async function catchUp(ctx: Context, rule: Rule): Promise<number> {
	const topics = ctx.organisation.topics.flatMap(({ id }) =>
		covers(ctx.organisation, rule, id) ? [id] : []
	);
	const { every, noticeDays, countries } = rule;
	const progress = await progressOf(ctx, JSON.stringify({ every, noticeDays, countries, topics }));
	if (progress.behind === null) return 0;
	const people = await selectWhoSaidYes(ctx, topics, progress.behind, catchUpBatch);
	const now = instant(ctx.clock.now());
	await upsertWatched(ctx, new Map(people.map((personId) => [personId, now])));
	const behind = people.length < catchUpBatch ? null : (people.at(-1) as string);
	await markAs(ctx.db as never, mark, JSON.stringify({ ...progress, behind }));
	return people.length;
}

/** A rule that is taken out and comes back finds what was said between. */
async function forgetProgress(ctx: Context): Promise<number> {
	const db = ctx.db as never;
	if (await markOf(db, mark)) await markAs(db, mark, '');
	return 0;
}

export const reconfirmationWork: WorkKind<Context> = {
	name: 'reconfirmations',
	everyMilliseconds: 60_000,
	run: async (ctx) => {
		const rule = ctx.organisation.reconfirmation;
		if (!rule) return forgetProgress(ctx);
		const found = await catchUp(ctx, rule);
		return found + (await eachDue(ctx, 'reconfirmation', (personId) => lookAt(ctx, rule, personId)));
	}
};
