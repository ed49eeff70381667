// Promise: an invented person goes through a source as a real one would, and whatever does not fit is found before a real one meets it.
import { find as findPerson, registerMany, type Person } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import * as exports from '../exports/exports.ts';
import type { OutsideSource } from '../organisation/organisation.ts';
import { ReadingEnded } from '../personal-data-contract.ts';
import { SourceFailure, type Source, type Within } from '../platform/sources/source.ts';
import { workOnce } from '../platform/work/work.ts';
import * as restrictions from '../restrictions/restrictions.ts';
import { proved } from '../sources/sources.ts';
import * as withdrawal from '../withdrawal/withdrawal.ts';
import type { OpenApart } from './apart.ts';
import { editAll } from './editing.ts';
import { Gap, type Outcome, type Step } from './steps.ts';

/** What every source calls the invented person. */
export const canary = 'candor-canary';

const patience: Within = { seconds: 60 };
const exportMilliseconds = 60_000;

interface Walk {
	/** The portal in which the invented person lives, with this source alone. */
	ctx: Context;
	person: Person;
	source: Source;
	described: OutsideSource;
}

const holdsIn = (source: Source, described: OutsideSource): Promise<number[]> =>
	Promise.all(described.categories.map(({ category }) => source.count(category, canary, patience)));

async function mustHoldNothing(source: Source, described: OutsideSource, code: string): Promise<void> {
	if ((await holdsIn(source, described)).some((records) => records > 0)) throw new Gap(code);
}

/** Through the contract that the data page and the export walk: as many as were counted, the canary's own, none left out. */
async function read({ ctx, person, source, described }: Walk): Promise<void> {
	const counted = await holdsIn(source, described);
	if (counted.some((records) => records === 0)) throw new Gap('nothing-planted');
	for (const contract of ctx.contracts.filter(({ outside }) => outside?.source === source.id))
		for (const part of await contract.collect(ctx, person.id)) {
			let included = 0;
			for await (const page of part.pages()) included += page.length;
			const left = part.leftOut?.() ?? new Map();
			for (const [why] of left) throw new Gap(why);
			if (included !== part.expected) throw new Gap('count-differs');
		}
}

async function pauseAndGoOn({ ctx, person }: Walk): Promise<void> {
	for (const on of [true, false]) {
		await withdrawal.pause(ctx, person.id, on);
		await workOnce(ctx);
		const [open] = await restrictions.openOf(ctx, person.id);
		if (open) throw new Gap('not-taken-over');
	}
}

async function exported({ ctx, person, described }: Walk): Promise<void> {
	const categories = described.categories.map(({ category }) => category);
	const choice = { categories, language: person.language, sessionId: canary };
	const made = await exports.order(ctx, person, choice, exportMilliseconds);
	if ('refused' in made) throw new Gap(made.refused);
	if (made.state !== 'ready') throw new Gap(made.failure ?? 'export-not-ready');
	if (!made.complete) throw new Gap(Object.keys(made.missing[0]?.reasons ?? {})[0] ?? 'export-partial');
}

/** The real withdrawal, without its grace period: the account is gone, and the certificate says what the source said. */
async function erase({ ctx, person, source, described }: Walk): Promise<void> {
	const asked = await withdrawal.request(ctx, person, { graceDays: 0 });
	if ('refused' in asked) throw new Gap(asked.refused);
	const code = (await withdrawal.claimCode(ctx, person.id)) ?? '';
	// Locked in the first round, destroyed in the second.
	for (let round = 0; round < 2; round += 1) await workOnce(ctx);
	const stands = await withdrawal.stateOfClaim(ctx, code);
	const certified = 'issued' in stands ? stands.issued?.certificate.sources : undefined;
	if (!certified) throw new Gap('not-erased');
	await mustHoldNothing(source, described, 'still-holds');
	if (certified.some(({ state }) => state !== 'erased')) throw new Gap('not-certified');
}

/** Somebody of a role that can have what lies there. Nothing reaches them: they have no address. */
async function invent(ctx: Context, { categories }: OutsideSource): Promise<Person> {
	const wanted = new Set(categories.map(({ category }) => category));
	const { organisation } = ctx;
	const roles = new Set(
		organisation.categories.flatMap(({ id, roles }) => (wanted.has(id) ? (roles ?? []) : []))
	);
	const role = organisation.roles.find(({ id }) => roles.has(id)) ?? organisation.roles[0];
	const [outcome] = await registerMany(ctx, [
		{
			externalId: canary,
			role: role?.id ?? '',
			language: organisation.languages[0] ?? '',
			timeZone: 'UTC',
			country: 'KR',
			identifiers: {}
		}
	]);
	if (!outcome || 'refused' in outcome) throw new Gap(outcome?.refused ?? 'not-registered');
	return (await findPerson(ctx, outcome.id)) as Person;
}

/** One step; what is thrown in it is its gap. */
async function tried(source: string, step: Step, work: () => Promise<void>): Promise<Outcome> {
	try {
		await work();
		return { source, step, outcome: 'done' };
	} catch (error) {
		if (error instanceof Gap) return { source, step, outcome: 'gap', because: error.code };
		if (error instanceof ReadingEnded) return { source, step, outcome: 'gap', because: error.reason };
		if (!(error instanceof SourceFailure)) throw error;
		return error.code === 'off'
			? { source, step, outcome: 'off' }
			: { source, step, outcome: 'gap', because: error.code };
	}
}

/** It answers, and that is all that can be said of it. */
async function asked(source: Source, described: OutsideSource): Promise<Outcome[]> {
	const answer = await tried(source.id, 'ask', async () => void (await holdsIn(source, described)));
	if (answer.outcome !== 'done') return [answer];
	return [answer, { source: source.id, step: 'plant', outcome: 'cannot' }];
}

/**
 * Goes through one source, in a portal apart. Whatever a walk before left there is cleared away first, and nothing stays,
 * also where a step fails. Where nothing can be planted, or what is planted could not be erased, it is only asked.
 */
export async function walkThrough(
	ctx: Context,
	described: OutsideSource,
	{ openApart, beforeEach }: { openApart: OpenApart; beforeEach: () => Promise<void> }
): Promise<Outcome[]> {
	const source = ctx.sources.get(described.id);
	if (!source) return [{ source: described.id, step: 'ask', outcome: 'gap', because: 'not-described' }];
	await beforeEach();
	if (!source.can.has('plant') || !source.can.has('erase')) return asked(source, described);

	const apart = await openApart(ctx, described);
	try {
		const outcomes: Outcome[] = [];
		const take = async (step: Step, work: () => Promise<void>, can = true) => {
			await beforeEach();
			const outcome = can
				? await tried(source.id, step, work)
				: { source: source.id, step, outcome: 'cannot' as const };
			outcomes.push(outcome);
			if (outcome.outcome === 'done' && isAbility(step)) await proved(ctx, source.id, step);
			return outcome.outcome === 'done';
		};
		const clean = async () => {
			await source.erase(canary, patience);
			await mustHoldNothing(source, described, 'left-over');
		};
		if (!(await take('clean', clean))) return outcomes;
		const person = await invent(apart.ctx, described);
		const walk: Walk = { ctx: apart.ctx, person, source, described };
		if (await take('plant', () => source.plant(canary, patience))) {
			await take('read', () => read(walk));
			await take('edit', () => editAll(walk, canary, patience), source.can.has('edit'));
			await take('restrict', () => pauseAndGoOn(walk), source.can.has('restrict'));
			await take('export', () => exported(walk));
		}
		if (!(await take('erase', () => erase(walk))))
			await source.erase(canary, patience).catch(() => undefined);
		return outcomes;
	} finally {
		await apart.close();
	}
}

const isAbility = (step: Step): step is 'plant' | 'read' | 'edit' | 'restrict' | 'erase' =>
	['plant', 'read', 'edit', 'restrict', 'erase'].includes(step);
