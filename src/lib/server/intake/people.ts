// Promise: of a batch of people everybody who fits is in, whole; whoever does not is told by line, and holds up nobody.
import { amend, idsByExternal, registerMany, setGuardians, type NewPerson } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { checkValue } from '../organisation/field-value.ts';
import { isTimeZone } from '../../i18n/formats.ts';
import { roleOf } from '../organisation/lookup.ts';
import { isTaken } from '../platform/database/conflict.ts';
import { transaction } from '../platform/database/transaction.ts';
import { profileFields, set } from '../profile/profile.ts';
import type { Line } from './lines.ts';
import type { Outcome } from './outcome.ts';
import { checkShape, personShape, type PersonInput, type ShapeProblem } from './shapes.ts';

interface Arrival {
	line: number;
	person: PersonInput;
}

const isCountry = (code: string): boolean =>
	new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }).of(code) !== undefined;

/** What the shape alone cannot say: that everything named is described. */
function problemOf(ctx: Context, person: PersonInput): ShapeProblem | undefined {
	const { organisation } = ctx;
	if (!roleOf(organisation, person.role)) return { refused: 'role-unknown', field: 'role' };
	if (!organisation.languages.includes(person.language))
		return { refused: 'language-unknown', field: 'language' };
	if (!isTimeZone(person.timeZone)) return { refused: 'time-zone-unknown', field: 'timeZone' };
	if (!isCountry(person.country)) return { refused: 'country-unknown', field: 'country' };
	if (person.bornOn && person.bornOn > ctx.clock.now().toISOString().slice(0, 10))
		return { refused: 'not-date', field: 'bornOn' };
	for (const kind of Object.keys(person.identifiers))
		if (!organisation.identifiers.some((described) => described.kind === kind))
			return { refused: 'identifier-unknown', field: `identifiers.${kind}` };
	return profileProblem(ctx, person);
}

function profileProblem(ctx: Context, { role, country, profile }: PersonInput): ShapeProblem | undefined {
	const fields = profileFields(ctx, role);
	for (const [id, value] of Object.entries(profile)) {
		const field = fields.get(id)?.field;
		const name = `profile.${id}`;
		if (!field) return { refused: 'field-unknown', ...(/^[A-Za-z0-9]{1,40}$/.test(id) && { field: name }) };
		if (field.identifier) return { refused: 'field-is-identifier', field: name };
		if (value === null && field.required) return { refused: 'required', field: name };
		if (value === null || value === '') continue;
		const checked = checkValue(field, value, country);
		if ('problem' in checked) return { refused: checked.problem.code, field: name };
	}
	return undefined;
}

function missingIdentifier(ctx: Context, { identifiers }: PersonInput): ShapeProblem | undefined {
	const missing = ctx.organisation.identifiers.find(({ kind, required }) => required && !identifiers[kind]);
	return missing && { refused: 'identifier-required', field: `identifiers.${missing.kind}` };
}

const given = (identifiers: PersonInput['identifiers']): NewPerson['identifiers'] =>
	Object.fromEntries(Object.entries(identifiers).filter(([, value]) => value)) as NewPerson['identifiers'];

function toRegister({
	externalId,
	role,
	language,
	timeZone,
	country,
	region,
	bornOn,
	identifiers,
	uses,
	signedUpAnew
}: PersonInput): NewPerson {
	const place = { region: region ?? undefined, bornOn: bornOn ?? undefined };
	return {
		externalId,
		role,
		language,
		timeZone,
		country,
		...place,
		identifiers: given(identifiers),
		uses,
		signedUpAnew
	};
}

/** The profile by the origin that each field is described with; answers how many values changed. */
async function setProfile(
	ctx: Context,
	id: string,
	{ role, country, profile }: PersonInput
): Promise<number> {
	const fields = profileFields(ctx, role);
	const byOrigin = new Map<string, Record<string, unknown>>();
	for (const [name, value] of Object.entries(profile)) {
		const { field, category } = fields.get(name) as NonNullable<ReturnType<typeof fields.get>>;
		const origin = field.source ?? (category.origins[0] as string);
		byOrigin.set(origin, { ...byOrigin.get(origin), [name]: value });
	}
	let changed = 0;
	for (const [origin, values] of byOrigin) {
		const outcome = await set(ctx, { id, role, country }, values, origin);
		if (!('changed' in outcome)) throw new Error('a checked profile was refused');
		changed += outcome.changed.length;
	}
	return changed;
}

async function registerAll(ctx: Context, arrivals: readonly Arrival[]): Promise<Outcome[]> {
	const registered = await registerMany(
		ctx,
		arrivals.map(({ person }) => toRegister(person))
	);
	const outcomes: Outcome[] = [];
	for (const [index, outcome] of registered.entries()) {
		const { line, person } = arrivals[index] as Arrival;
		if ('refused' in outcome) {
			outcomes.push({
				line,
				refused: outcome.refused,
				...(outcome.field && { field: `identifiers.${outcome.field}` })
			});
			continue;
		}
		await audit.record(ctx, outcome.id, 'account-imported');
		await setProfile(ctx, outcome.id, person);
		outcomes.push({ line, done: 'added', person: person.externalId });
	}
	return outcomes;
}

async function amendOne(ctx: Context, id: string, { line, person }: Arrival): Promise<Outcome> {
	const outcome = await amend(ctx, id, person);
	if ('refused' in outcome)
		return {
			line,
			refused: outcome.refused,
			...(outcome.field && { field: `identifiers.${outcome.field}` })
		};
	const changed = outcome.changed + (await setProfile(ctx, id, person));
	return { line, done: changed ? 'changed' : 'unchanged', person: person.externalId };
}

async function putChecked(ctx: Context, arrivals: readonly Arrival[]): Promise<Outcome[]> {
	return transaction(ctx, async (ctx) => {
		const ids = await idsByExternal(
			ctx,
			arrivals.map(({ person }) => person.externalId)
		);
		// In one order for everybody, so that two files with the same people never wait for each other.
		const known = arrivals
			.flatMap((arrival) => {
				const id = ids.get(arrival.person.externalId);
				return id === undefined ? [] : [{ id, arrival }];
			})
			.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
		const outcomes: Outcome[] = [];
		for (const { id, arrival } of known) outcomes.push(await amendOne(ctx, id, arrival));
		const coming: Arrival[] = [];
		for (const arrival of arrivals.filter(({ person }) => !ids.has(person.externalId))) {
			const problem = missingIdentifier(ctx, arrival.person);
			if (problem) outcomes.push({ line: arrival.line, ...problem });
			else coming.push(arrival);
		}
		return [...outcomes, ...(await registerAll(ctx, coming))];
	});
}

/** All at once; where somebody else was faster with one of them, one by one. */
async function putWhole(ctx: Context, arrivals: readonly Arrival[]): Promise<Outcome[]> {
	try {
		return await putChecked(ctx, arrivals);
	} catch (error) {
		if (!isTaken(error)) throw error;
		if (arrivals.length === 1) return [{ line: (arrivals[0] as Arrival).line, refused: 'identifier-taken' }];
		const outcomes: Outcome[] = [];
		for (const arrival of arrivals) outcomes.push(...(await putWhole(ctx, [arrival])));
		return outcomes;
	}
}

export interface PeopleBatch {
	outcomes: Outcome[];
	/** Whose guardians are to be set when everybody of the file is in. */
	wards: { line: number; person: string; guardians: readonly string[] }[];
}

/** Puts some people in, in the order of their lines; the same person twice is taken twice. */
export async function putPeople(ctx: Context, lines: readonly Line[]): Promise<PeopleBatch> {
	const outcomes: Outcome[] = [];
	let round = new Map<string, Arrival>();
	const wards: PeopleBatch['wards'] = [];
	const settle = async () => {
		if (round.size) outcomes.push(...(await putWhole(ctx, [...round.values()])));
		round = new Map();
	};
	for (const { line, value, problem } of lines) {
		const checked = problem ? { refused: problem } : checkShape(personShape, value);
		const refusal = 'input' in checked ? problemOf(ctx, checked.input) : checked;
		if (refusal || !('input' in checked)) {
			outcomes.push({ line, ...(refusal as ShapeProblem) });
			continue;
		}
		const { externalId, guardians } = checked.input;
		if (round.has(externalId)) await settle();
		round.set(externalId, { line, person: checked.input });
		if (guardians) wards.push({ line, person: externalId, guardians });
	}
	await settle();
	return { outcomes: outcomes.sort((a, b) => a.line - b.line), wards };
}

/** The second pass: guardians, now that everybody is there. Answers only what went wrong or changed. */
export async function putGuardians(ctx: Context, wards: PeopleBatch['wards']): Promise<Outcome[]> {
	const outcomes: Outcome[] = [];
	for (const { line, person, guardians } of wards) {
		const ids = await idsByExternal(ctx, [person, ...guardians]);
		const id = ids.get(person);
		if (!id) continue;
		const missing = guardians.findIndex((guardian) => !ids.has(guardian) || guardian === person);
		if (missing !== -1) outcomes.push({ line, refused: 'guardian-unknown', field: `guardians.${missing}` });
		else if (
			await setGuardians(
				ctx,
				id,
				guardians.map((guardian) => ids.get(guardian) as string)
			)
		)
			outcomes.push({ line, done: 'changed', person });
	}
	return outcomes;
}
