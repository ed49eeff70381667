// Promise: a shorter rule takes nothing by surprise: what is held when it comes stays for as long as a change is announced before.
import type { Context } from '../context.ts';
import { retentionOf } from '../organisation/lookup.ts';
import type { Category, Organisation } from '../organisation/organisation.ts';
import { after, afterDuration, beforeDuration, instant } from '../platform/clock.ts';
import { insertRule, selectRules } from './queries.ts';

/** For how long a category was kept ('' for as long as the person stays), and since when that is so ('' from the beginning). */
export interface Rule {
	duration: string;
	since: string;
}

/** By category, the rule in force last. */
type Rules = ReadonlyMap<string, readonly Rule[]>;

/** How long a record of the category is kept from its day; '' for as long as the person stays. */
function durationOf(organisation: Organisation, { kind, retention }: Category): string {
	const rule = retentionOf(organisation, retention);
	return (kind === 'records' && rule?.from === 'record' && rule.for) || '';
}

const noted = new WeakSet<Organisation>();

/**
 * The rules that this portal has opened with, by category. A rule is noted with the instant at which it is seen first; what
 * the very first description says counts from the beginning.
 */
export async function rulesOf(ctx: Context): Promise<Rules> {
	if (!noted.has(ctx.organisation)) {
		await note(ctx);
		noted.add(ctx.organisation);
	}
	return Map.groupBy(await selectRules(ctx), ({ category }) => category);
}

async function note(ctx: Context): Promise<void> {
	const known = await selectRules(ctx);
	const since = known.length === 0 ? '' : instant(ctx.clock.now());
	for (const category of ctx.organisation.categories.filter(({ kind }) => kind === 'records')) {
		const duration = durationOf(ctx.organisation, category);
		const last = known.findLast((rule) => rule.category === category.id);
		if (last?.duration !== duration) await insertRule(ctx, { category: category.id, since, duration });
	}
}

/** When a changed rule counts for what was there before it: after the days for which a change that matters is announced. */
function countsFrom(ctx: Context, { since }: Rule): string {
	if (since === '') return '';
	return instant(after(new Date(since), ctx.organisation.policies.noticeDays.significant, 'days'));
}

/**
 * Up to which instant records of a category are over by now; undefined where none is. A record goes when the rule in force
 * and, until its notice is over, the former one too have let it go: the other way round of `keptUntil`.
 */
export function overUntil(ctx: Context, rules: readonly Rule[]): string | undefined {
	const now = ctx.clock.now();
	let until: string | undefined;
	for (const rule of rules.toReversed()) {
		if (rule.duration === '' && until === undefined) return undefined;
		const over = rule.duration === '' ? '' : instant(beforeDuration(now, rule.duration));
		until = until === undefined || over < until ? over : until;
		if (countsFrom(ctx, rule) <= instant(now)) return until || undefined;
	}
	return undefined;
}

/**
 * When a record of that instant is destroyed; undefined for as long as the person stays. The rule in force counts, but what
 * was there before it goes no earlier than the former rule says or, if that is sooner, when the notice is over.
 */
export function keptUntil(ctx: Context, rules: readonly Rule[], at: string): string | undefined {
	let until: string | undefined;
	for (const rule of rules) {
		const own = rule.duration ? instant(afterDuration(new Date(at), rule.duration)) : undefined;
		const from = countsFrom(ctx, rule);
		// Of the former rule and the end of the notice the one that comes first.
		const spared = until !== undefined && until < from ? until : from;
		until = own === undefined ? undefined : own > spared ? own : spared;
	}
	return until;
}
