// Promise: an invented person has used their portal: signed in now and then, refused some messages, taken note of a policy.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { topicsOf } from '../organisation/lookup.ts';
import { after, fixedClock } from '../platform/clock.ts';
import { idsOn } from '../platform/ids.ts';
import * as policies from '../policies/policies.ts';
import * as preferences from '../preferences/preferences.ts';
import type { Member } from './cast.ts';
import type { Setting } from './history.ts';

/** The portal as it was at that instant, with the person at it. What was decided then was told then. */
function at(ctx: Context, instant: Date, personId: string): Context {
	const clock = fixedClock(instant);
	const organisation = { ...ctx.organisation, reconfirmation: undefined };
	return { ...ctx, organisation, clock, ids: idsOn(clock), actor: `person:${personId}` };
}

const origins = ['page', 'page', 'page', 'footer-link', 'api'] as const;

/** Changes of mind, oldest first: each about one or two ways of one topic. */
async function choose(
	ctx: Context,
	personId: string,
	member: Member,
	instants: readonly Date[]
): Promise<void> {
	const { random, role } = member;
	const topics = topicsOf(ctx.organisation, role).filter(({ essential }) => !essential);
	if (topics.length === 0) return;
	for (const instant of instants) {
		const { id, channels } = random.pick(topics);
		const allowed = random.chance(0.3);
		const changes = channels.slice(0, random.whole(1, 2)).map((channel) => ({ channel, topic: id, allowed }));
		const origin = allowed ? 'page' : random.pick(origins);
		await preferences.set(at(ctx, instant, personId), { id: personId, role }, changes, { origin });
	}
}

/** Former versions were accepted when they came; the newest is left for whoever signs in. */
async function acceptPolicies(
	ctx: Context,
	personId: string,
	{ language }: Member,
	{ organisation, joinedAt, now }: Setting
): Promise<void> {
	for (const { version, effective } of organisation.policies.versions.slice(1)) {
		const begun = new Date(effective);
		const noted = after(begun > joinedAt ? begun : joinedAt, 2, 'hours');
		if (noted < now) await policies.answer(at(ctx, noted, personId), personId, version, 'accepted', language);
	}
}

/** Writes what the person decided and did, each at its time. A child who waits for consent has decided nothing yet. */
export async function decide(
	ctx: Context,
	personId: string,
	member: Member,
	setting: Setting
): Promise<void> {
	const { random, signIn, waits } = member;
	const { joinedAt, now } = setting;
	const span = now.getTime() - joinedAt.getTime() - 3 * 3_600_000;
	const drawn = (count: number) =>
		Array.from(
			{ length: count },
			() => new Date(joinedAt.getTime() + 3_600_000 + span * random.fraction())
		).sort((a, b) => a.getTime() - b.getTime());
	const byPortal: Context = { ...at(ctx, joinedAt, personId), actor: 'portal' };
	await audit.record(byPortal, personId, 'account-imported');
	for (const instant of drawn(signIn ? 9 : 2))
		await audit.record(at(ctx, instant, personId), personId, 'session-started');
	if (waits) return;
	await acceptPolicies(ctx, personId, member, setting);
	await choose(ctx, personId, member, drawn(signIn ? 7 : 2));
}
