// Promise: somebody who may decides with a reason, and the person reads it a day before the restriction ends (GDPR Art. 18(3)).
import { find as findPerson, type Person } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { characterProblem, type ValueProblem } from '../organisation/field-value.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import * as audit from '../audit/audit.ts';
import type { Unavailable } from '../sources/sources.ts';
import { lookAt, may, type Member } from '../staff/staff.ts';
import { fieldOf, find, type Opened } from './corrections.ts';
import { liesOutside, write, writeOutside, type About } from './held.ts';
import { selectQueue, updateCorrection, type CorrectionRow } from './queries.ts';
import { tellAll } from './recipients.ts';
import { addStep } from './steps.ts';

/** `other`: what the person said is wrong, is wrong, but something else is right. */
export const decisions = ['accepted', 'other', 'erased', 'refused'] as const;
export type Decision = (typeof decisions)[number];

/** Between the news and the end of the restriction the person can object: a day. */
export const noticeHours = 24;
const longestReason = 2_000;
const perPage = 50;

export interface Deciding {
	decision: Decision;
	/** For `other`: what is right. */
	value: string;
	reason: string;
}

type NotPermitted = { refused: 'not-permitted' };

/** The open ones, the oldest first, without a name; refuses `not-permitted`. `after` is the last one seen. */
export async function queue(
	ctx: Context,
	member: Member,
	after?: { openedAt: string; id: string }
): Promise<{ waiting: Awaited<ReturnType<typeof selectQueue>>; more: boolean } | NotPermitted> {
	if (!may(member, 'correct')) return { refused: 'not-permitted' };
	const waiting = await selectQueue(ctx, after, perPage + 1);
	return { waiting: waiting.slice(0, perPage), more: waiting.length > perPage };
}

/**
 * What was said, for whoever decides; the look is written down for the person with its reason. Refuses `not-permitted`,
 * `look-refused` for somebody who is not there or being erased, `correction-unknown`.
 */
export async function see(
	ctx: Context,
	member: Member,
	personId: string,
	id: string
): Promise<
	| { person: Person; correction: Opened; about: About | undefined }
	| { refused: 'not-permitted' | 'look-refused' | 'correction-unknown' }
> {
	if (!may(member, 'correct')) return { refused: 'not-permitted' };
	const look = await lookAt(ctx, member, personId, { reason: 'correction', note: id });
	if ('refused' in look) return look;
	const correction = await find(ctx, personId, id);
	if (!correction) return { refused: 'correction-unknown' };
	return { person: look.person, correction, about: fieldOf(ctx, look.person.role, correction.field) };
}

function reasonProblem(reason: string): ValueProblem | undefined {
	const characters = characterProblem(reason, true);
	if (!reason.trim()) return { code: 'required' };
	if (characters) return { code: characters };
	return reason.length > longestReason ? { code: 'too-long', values: { max: longestReason } } : undefined;
}

const valueOf = ({ decision, value }: Deciding, { steps }: Opened): string | undefined => {
	if (decision === 'refused') return undefined;
	if (decision === 'erased') return '';
	const asked = steps.findLast(({ kind }) => kind === 'opened' || kind === 'again')?.right ?? '';
	return decision === 'accepted' ? asked : value;
};

/**
 * Decides one that is open. What is right is written at once; the restriction ends a day after the person was told, and then
 * whoever got the field hears the new value. An erasure is told to them at once. `problems` for `reason` (required) and
 * `value`; refuses `not-permitted`, `correction-unknown`, `correction-not-open`, `field-required` (such a field can't be
 * erased alone), `person-leaving`, and `source-unavailable` where it lies in a system outside that can't be asked.
 */
export async function decide(
	ctx: Context,
	member: Member,
	{ personId, id, ...deciding }: Deciding & { personId: string; id: string }
): Promise<
	| { endsAt: string }
	| { problems: Partial<Record<'reason' | 'value', ValueProblem>> }
	| NotPermitted
	| { refused: 'correction-unknown' | 'correction-not-open' | 'field-required' | 'person-leaving' }
	| Unavailable
> {
	if (!may(member, 'correct')) return { refused: 'not-permitted' };
	const reason = reasonProblem(deciding.reason);
	if (reason) return { problems: { reason } };
	const outside = await decideOutside(ctx, { personId, id, ...deciding });
	if (outside) return outside;
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return { refused: 'person-leaving' as const };
		const person = await findPerson(ctx, personId);
		const correction = person && (await find(ctx, personId, id));
		const about = correction && fieldOf(ctx, person.role, correction.field);
		if (!about) return { refused: 'correction-unknown' as const };
		if (correction.state !== 'open') return { refused: 'correction-not-open' as const };
		// Only the person writes it, with a code sent to the new address; on their word alone it can be refused or found right.
		if (about.field.identifier && ['erased', 'other'].includes(deciding.decision))
			return { problems: { value: { code: 'not-editable' } } };
		const value = valueOf(deciding, correction);
		if (value === '' && about.field.required) return { refused: 'field-required' as const };
		if (deciding.decision === 'other' && !value?.trim()) return { problems: { value: { code: 'required' } } };
		const written =
			value === undefined ? undefined : await write(ctx, person, about, { ...correction, value });
		if (written && 'problem' in written) return { problems: { value: written.problem } };
		return { endsAt: await announce(ctx, person, correction, { ...deciding, value }) };
	});
}

/** Where what is right is written first, because no transaction waits for another system; undefined where all is well. */
async function decideOutside(
	ctx: Context,
	{ personId, id, ...deciding }: Deciding & { personId: string; id: string }
): Promise<{ problems: { value: ValueProblem } } | Unavailable | undefined> {
	const person = await findPerson(ctx, personId);
	const correction = person && (await find(ctx, personId, id));
	const about = correction && fieldOf(ctx, person.role, correction.field);
	if (!about || !liesOutside(ctx, about) || correction.state !== 'open') return undefined;
	const value = valueOf(deciding, correction);
	if (value === undefined || (value === '' && about.field.required)) return undefined;
	if (deciding.decision === 'other' && !value.trim()) return undefined;
	const written = await writeOutside(ctx, person, about, { record: correction.record, value });
	if ('problem' in written) return { problems: { value: written.problem } };
	return 'refused' in written ? written : undefined;
}

async function announce(
	ctx: Context,
	person: Person,
	correction: CorrectionRow,
	{ decision, value, reason }: { decision: Decision; value: string | undefined; reason: string }
): Promise<string> {
	const now = ctx.clock.now();
	const endsAt = instant(after(now, noticeHours, 'hours'));
	const to = {
		state: 'decided',
		decision,
		decidedAt: instant(now),
		endsAt,
		nextAttemptAt: endsAt,
		leasedUntil: null,
		attempts: 0
	} as const;
	await updateCorrection(ctx, person.id, correction.id, { from: ['open'], to });
	await addStep(ctx, person.id, correction, {
		kind: decision,
		reason,
		...(value !== undefined && { value })
	});
	await delivery.send(ctx, person.id, {
		template: 'correction-decided',
		values: { endsAt },
		path: `/corrections/${correction.id}`
	});
	if (value === '')
		await tellAll(ctx, person, correction, { type: 'correction.decided', decision: 'erased' });
	return endsAt;
}
