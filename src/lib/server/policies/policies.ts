// Promise: nobody accepts a change in silence; a notice stays until it was read, and an objection is written down.
import type { Person } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { announcedPolicy, policyInForce, policyOf } from '../organisation/lookup.ts';
import type { Policy } from '../organisation/organisation.ts';
import { dayOf, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { PolicyAnswerTable } from '../schema.ts';
import { selectAnswers, upsertAnswer } from './queries.ts';

export { compare, type ComparedBlock, type Comparison } from './comparison.ts';
export { effects, type Effect } from './effects.ts';
export { render } from './rendering.ts';
export { told, toldLog, type Told } from './told.ts';

export type Answer = PolicyAnswerTable['answer'];

export interface Standing {
	version: string;
	/** `announced` versions take effect on a day to come. */
	state: 'announced' | 'in-force' | 'former';
}

const knownToday = (ctx: Context): Policy[] =>
	ctx.organisation.policies.versions.filter(({ announced }) => announced <= dayOf(ctx.clock.now()));

/** Every version that was announced, newest first, and how it stands today. */
export function standings(ctx: Context): (Standing & { policy: Policy })[] {
	const today = dayOf(ctx.clock.now());
	const current = policyInForce(ctx.organisation, ctx.clock.now())?.version;
	return knownToday(ctx).map((policy) => {
		const state = policy.version === current ? 'in-force' : policy.effective > today ? 'announced' : 'former';
		return { version: policy.version, state, policy };
	});
}

export interface Notice {
	policy: Policy;
	state: 'announced' | 'in-force';
}

/** The newest change since the person joined; undefined where nothing changed. */
function changeSince(ctx: Context, { createdAt }: Pick<Person, 'createdAt'>): Notice | undefined {
	const announced = announcedPolicy(ctx.organisation, ctx.clock.now());
	const policy = announced ?? policyInForce(ctx.organisation, ctx.clock.now());
	if (!policy || policy.announced <= createdAt.slice(0, 10)) return undefined;
	return { policy, state: announced ? 'announced' : 'in-force' };
}

async function answersTo(ctx: Context, personId: string, version: string): Promise<Answer[]> {
	return (await selectAnswers(ctx, personId))
		.filter((row) => row.version === version)
		.map(({ answer }) => answer);
}

/**
 * The change that the person still has to be told of: the newest version announced since they joined, until they
 * answered it; one that changes little is done with once it was seen.
 */
export async function notice(
	ctx: Context,
	person: Pick<Person, 'id' | 'createdAt'>
): Promise<Notice | undefined> {
	const change = changeSince(ctx, person);
	if (!change) return undefined;
	const given = await answersTo(ctx, person.id, change.policy.version);
	const settled =
		given.some((answer) => answer !== 'seen') || (given.length > 0 && !change.policy.significant);
	return settled ? undefined : change;
}

/** The version that the person may accept or object to: the newest change, read or not, until they said so. */
export async function toAnswer(
	ctx: Context,
	person: Pick<Person, 'id' | 'createdAt'>
): Promise<string | undefined> {
	const change = changeSince(ctx, person);
	if (!change) return undefined;
	const given = await answersTo(ctx, person.id, change.policy.version);
	return given.every((answer) => answer === 'seen') ? change.policy.version : undefined;
}

/** What the person said to a version: the last word of accepting or objecting, or that they saw it. */
export async function answerTo(
	ctx: Context,
	personId: string,
	version: string
): Promise<{ answer: Answer; at: string } | undefined> {
	const given = (await selectAnswers(ctx, personId)).filter((row) => row.version === version);
	return given.findLast(({ answer }) => answer !== 'seen') ?? given.at(-1);
}

/**
 * Writes an answer with its version and language. The same one again changes nothing; another one takes its place, since
 * whoever accepted may object, and the reverse. Refuses `unknown-version`, also for one that is not announced yet.
 */
export async function answer(
	ctx: Context,
	personId: string,
	version: string,
	given: Answer,
	language: string
): Promise<{ refused: 'unknown-version' } | { answered: Answer }> {
	const policy = policyOf(ctx.organisation, version);
	if (!policy || !knownToday(ctx).includes(policy)) return { refused: 'unknown-version' };
	return transaction(ctx, async (ctx) => {
		const last = await answerTo(ctx, personId, version);
		if (last?.answer === given || (last && given === 'seen')) return { answered: given };
		await upsertAnswer(ctx, { personId, version, answer: given, language, at: instant(ctx.clock.now()) });
		if (given !== 'seen') await audit.record(ctx, personId, `policy-${given}`, { version });
		return { answered: given };
	});
}
