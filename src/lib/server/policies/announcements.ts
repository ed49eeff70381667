// Promise: whoever was there before a change is told of it on the day of its announcement, by mail, and once.
import type { Context } from '../context.ts';
import { notices, tellListenersOfAll } from '../delivery/delivery.ts';
import { policyOf } from '../organisation/lookup.ts';
import type { Policy } from '../organisation/organisation.ts';
import { dayOf, instant } from '../platform/clock.ts';
import { markOnce } from '../platform/database/mark.ts';
import type { WorkKind } from '../platform/work/work.ts';
import { insertAnnouncement, selectAnnouncements, selectJoinedBefore } from './queries.ts';

export const aboutPolicy = (version: string): string => `policy ${version}`;

/** The day on which this portal first ran: what was announced by then was not its to announce. */
const firstDay = (ctx: Context): Promise<string> =>
	markOnce(ctx.db as never, 'announces-since', dayOf(ctx.clock.now()));

async function openNew(ctx: Context): Promise<void> {
	const now = ctx.clock.now();
	const known = new Set((await selectAnnouncements(ctx)).map(({ id }) => id));
	const isNew = ({ version, announced }: Policy) => announced <= dayOf(now) && !known.has(version);
	const found = ctx.organisation.policies.versions.filter(isNew);
	// At the first run every version is new, so that the day is kept then; later nothing is written while nothing is.
	if (!found.length) return;
	const since = await firstDay(ctx);
	for (const { version, announced, effective } of found) {
		const isOurs = announced > since;
		if (isOurs) await tellListenersOfAll(ctx, 'policy.announced', version, { version, announced, effective });
		await insertAnnouncement(ctx, {
			id: version,
			knownAt: instant(now),
			phase: isOurs ? 'finding' : 'done',
			lastPerson: null,
			found: 0,
			told: 0,
			nextAttemptAt: isOurs ? instant(now) : null,
			leasedUntil: null,
			attempts: 0
		});
	}
}

async function tellingOf(ctx: Context, version: string): Promise<notices.Telling | undefined> {
	const policy = policyOf(ctx.organisation, version);
	if (!policy) return undefined;
	const { announced, effective, summary } = policy;
	return {
		about: aboutPolicy(version),
		find: async (ctx, after, limit) => {
			const found = await selectJoinedBefore(ctx, announced, after, limit);
			return { found, last: found.length < limit ? null : (found.at(-1) ?? null) };
		},
		write: ({ language }) => ({
			template: 'policy-announced',
			values: { effectiveOn: effective, summary: summary[language] ?? Object.values(summary)[0] ?? '' },
			path: `/policy/${version}`
		}),
		event: { kind: 'policy-announced', details: { version } },
		tellsAtOnce: true
	};
}

/** Opens an announcement for each version whose day has come, and tells people in batches. */
export const announcementWork: WorkKind<Context> = {
	name: 'announcements',
	everyMilliseconds: 5_000,
	run: async (ctx) => {
		await openNew(ctx);
		return notices.work(ctx, 'policyAnnouncement', tellingOf);
	}
};
