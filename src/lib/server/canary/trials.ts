// What is tried on the invented person, by the ways of a real one.
import { find as findPerson, inventedId as canary, registerMany, type Person } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import * as exports from '../exports/exports.ts';
import type { OutsideSource } from '../organisation/organisation.ts';
import type { Source, Within } from '../platform/sources/source.ts';
import { workOnce } from '../platform/work/work.ts';
import * as restrictions from '../restrictions/restrictions.ts';
import * as withdrawal from '../withdrawal/withdrawal.ts';
import { Gap } from './steps.ts';

export const patience: Within = { seconds: 60 };
const exportMilliseconds = 60_000;

export interface Walk {
	/** The portal in which the invented person lives, with this source alone. */
	ctx: Context;
	person: Person;
	source: Source;
	described: OutsideSource;
}

export const holdsIn = (source: Source, described: OutsideSource): Promise<number[]> =>
	Promise.all(described.categories.map(({ category }) => source.count(category, canary, patience)));

export async function mustHoldNothing(source: Source, described: OutsideSource, code: string): Promise<void> {
	if ((await holdsIn(source, described)).some((records) => records > 0)) throw new Gap(code);
}

/** Through the contract that the data page and the export walk: as many as were counted, the canary's own, none left out. */
export async function read({ ctx, person, source, described }: Walk): Promise<void> {
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

export async function pauseAndGoOn({ ctx, person }: Walk): Promise<void> {
	for (const on of [true, false]) {
		await withdrawal.pause(ctx, person.id, on);
		await workOnce(ctx);
		const [open] = await restrictions.openOf(ctx, person.id);
		if (open) throw new Gap('not-taken-over');
	}
}

export async function exported({ ctx, person, described }: Walk): Promise<void> {
	const categories = described.categories.map(({ category }) => category);
	const choice = { categories, language: person.language, sessionId: canary };
	const made = await exports.order(ctx, person, choice, exportMilliseconds);
	if ('refused' in made) throw new Gap(made.refused);
	if (made.state !== 'ready') throw new Gap(made.failure ?? 'export-not-ready');
	if (!made.complete) throw new Gap(Object.keys(made.missing[0]?.reasons ?? {})[0] ?? 'export-partial');
}

/** The real withdrawal, without its grace period: the account is gone, and the certificate says what the source said. */
export async function erase({ ctx, person, source, described }: Walk): Promise<void> {
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
export async function invent(ctx: Context, { categories }: OutsideSource): Promise<Person> {
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
			identifiers: {},
			invented: true
		}
	]);
	if (!outcome || 'refused' in outcome) throw new Gap(outcome?.refused ?? 'not-registered');
	return (await findPerson(ctx, outcome.id)) as Person;
}
