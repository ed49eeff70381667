// Promise: staff see how many people were told of a version and who by id alone; what anybody answered stays theirs.
import type { Context } from '../context.ts';
import { notices } from '../delivery/delivery.ts';
import { policyOf } from '../organisation/lookup.ts';
import { may, type Member } from '../staff/staff.ts';
import { aboutPolicy } from './announcements.ts';
import { countAnswers, selectAnnouncements } from './queries.ts';

export interface Told {
	version: string;
	/** When the portal first saw the version; `mailed` is false for what was announced before the portal ran. */
	knownAt: string;
	mailed: boolean;
	/** Whether people are still being found or told. */
	isRunning: boolean;
	tally: notices.Tally;
	accepted: number;
	objected: number;
}

/** What became of each announcement. Refuses `not-permitted`. */
export async function told(ctx: Context, member: Member): Promise<Told[] | { refused: 'not-permitted' }> {
	if (!may(member, 'policies')) return { refused: 'not-permitted' };
	const rows = await selectAnnouncements(ctx);
	return Promise.all(
		rows.map(async ({ id, knownAt, phase, found }) => {
			const answers = new Map((await countAnswers(ctx, id)).map(({ answer, people }) => [answer, people]));
			return {
				version: id,
				knownAt,
				mailed: found > 0 || phase !== 'done',
				isRunning: phase !== 'done',
				tally: await notices.tally(ctx, aboutPolicy(id)),
				accepted: answers.get('accepted') ?? 0,
				objected: answers.get('objected') ?? 0
			};
		})
	);
}

const pageSize = 100;

/** The delivery log of a version, a page at a time, by person id. Refuses `not-permitted` and `unknown-version`. */
export async function toldLog(
	ctx: Context,
	member: Member,
	{ version, after }: { version: string; after?: string | undefined }
) {
	if (!may(member, 'policies')) return { refused: 'not-permitted' as const };
	if (!policyOf(ctx.organisation, version)) return { refused: 'unknown-version' as const };
	const rows = await notices.list(ctx, aboutPolicy(version), { after, limit: pageSize + 1 });
	return {
		rows: rows.slice(0, pageSize),
		next: rows.length > pageSize ? rows[pageSize - 1]?.personId : undefined
	};
}
