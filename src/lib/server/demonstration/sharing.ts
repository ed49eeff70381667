// Promise: what an invented person agreed to and what was passed on of theirs fits together: nothing went where they had not agreed.
import * as consents from '../consents/consents.ts';
import type { Context } from '../context.ts';
import * as disclosures from '../disclosures/disclosures.ts';
import { directory, type Recipient } from '../partners/partners.ts';
import { after, fixedClock, instant } from '../platform/clock.ts';
import { idsOn } from '../platform/ids.ts';
import type { Member } from './cast.ts';
import type { Setting } from './history.ts';
import type { Random } from './random.ts';

const day = 86_400_000;
const transfersPerYear = {
	processor: 14,
	connection: 8,
	advertising: 6,
	joint: 4,
	research: 2,
	authority: 0.15
} as const;

/** From when until when something may go to a partner. */
interface Span {
	from: Date;
	until: Date;
	withdrawn: boolean;
}

/** The portal as it was at that instant, with the person at it. */
function at(ctx: Context, instant: Date, personId: string): Context {
	const clock = fixedClock(instant);
	return { ...ctx, clock, ids: idsOn(clock), actor: `person:${personId}` };
}

const between = (random: Random, from: Date, until: Date): Date =>
	new Date(from.getTime() + Math.floor(random.fraction() * (until.getTime() - from.getTime())));

/** Of those who sign in somewhat more than half agree to a partner, one in four of them thinks better of it. */
function spanOf({ random, signIn }: Member, consent: boolean, joinedAt: Date, now: Date): Span | undefined {
	if (!consent) return { from: joinedAt, until: now, withdrawn: false };
	const [wants, regrets] = [random.chance(signIn ? 0.6 : 0.2), random.chance(0.25)];
	const from = between(random, after(joinedAt, 1, 'hours'), after(now, -1, 'hours'));
	const until = regrets ? between(random, from, after(now, -10, 'seconds')) : now;
	return wants ? { from, until, withdrawn: regrets } : undefined;
}

/** A partner with many fields gets those of one or two categories at a time. */
function fieldsFor(random: Random, { given }: Recipient): string[] {
	const some = given.length <= 3 ? given : [random.pick(given), random.pick(given)];
	const codes = some.flatMap(({ category, fields }) => fields.map(({ id }) => `${category.id}.${id}`));
	return [...new Set(codes)];
}

function momentsIn(random: Random, { from, until }: Span, perYear: number): Date[] {
	const years = (until.getTime() - from.getTime()) / (365 * day);
	const count = Math.floor(years * perYear + random.fraction());
	return Array.from({ length: count }, () => between(random, from, until)).sort(
		(a, b) => a.getTime() - b.getTime()
	);
}

/** A legal demand has a case, research the agreement of a school. */
function referenceOf(kind: Recipient['partner']['kind'], moment: Date): string | undefined {
	const month = instant(moment).slice(0, 7);
	if (kind === 'authority') return `C-${month.replace('-', '/')}`;
	return kind === 'research' ? `AGR-${month}` : undefined;
}

/** Writes the agreements and the ledger of a registered person, each row at its time. */
export async function share(
	ctx: Context,
	personId: string,
	member: Member,
	{ organisation, joinedAt, now }: Setting
): Promise<void> {
	// Nobody has agreed for a child who waits: nothing goes anywhere.
	if (member.waits) return;
	const { random, role, language } = member;
	const person = { id: personId, role, state: 'active' as const };
	for (const recipient of directory(organisation, role).flatMap(({ recipients }) => recipients)) {
		const { id, consent, kind, purpose } = recipient.partner;
		const span = spanOf(member, consent, joinedAt, now);
		if (!span) continue;
		if (consent) await consents.grant(at(ctx, span.from, personId), person, id, { language });
		const perYear = transfersPerYear[kind] * (member.signIn ? 1 : 0.12);
		for (const moment of momentsIn(random, span, perYear)) {
			const fields = fieldsFor(random, recipient);
			const system: Context = { ...at(ctx, moment, personId), actor: 'system:demonstration' };
			await disclosures.release(system, personId, [
				{ partner: id, purpose, fields, key: instant(moment), reference: referenceOf(kind, moment) }
			]);
		}
		if (span.withdrawn) await consents.withdraw(at(ctx, span.until, personId), person, id, { language });
	}
}
